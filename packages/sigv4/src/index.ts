// sigv4: filled in below.
export {};
