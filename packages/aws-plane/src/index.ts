// aws-plane: filled in below.
export {};
