// pod-runtime: filled in below.
export {};
