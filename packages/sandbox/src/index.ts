// sandbox: filled in below.
export {};
