// irsa: filled in below.
export {};
