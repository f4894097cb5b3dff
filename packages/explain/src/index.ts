// explain: filled in below.
export {};
