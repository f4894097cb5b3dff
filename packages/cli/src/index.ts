// cli: filled in below.
export {};
