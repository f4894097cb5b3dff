// kube-plane: filled in below.
export {};
