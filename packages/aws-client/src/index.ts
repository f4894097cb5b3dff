// aws-client: signed calls to AWS or to an endpoint that speaks like it, and where credentials come from.
export {};
