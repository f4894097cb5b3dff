// engines: database servers as child processes, and the ones of our own.
export * from './contract.ts';
