// controller-kit: filled in below.
export {};
