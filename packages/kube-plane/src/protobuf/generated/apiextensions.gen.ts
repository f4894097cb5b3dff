// The messages of apiextensions.k8s.io/v1, which kubectl does not carry. Same notation as messages.gen.ts.
export const apiextensionsRows: Readonly<Record<string, string>> = {};
