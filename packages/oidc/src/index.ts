// oidc: filled in below.
export {};
