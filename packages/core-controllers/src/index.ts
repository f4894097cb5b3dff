// core-controllers: filled in below.
export {};
