/** Writes dist/. Resolves when it is whole. */
export declare function buildBundle(): Promise<void>;
