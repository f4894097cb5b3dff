// engines: database servers as child processes, and the ones of our own.
export * from './contract.ts';
export { openEngineHost } from './host/engine-host.ts';
export type { EngineHostOptions, ServerCertificate } from './host/options.ts';
export { accessStringFault } from './redis/acl/acl.ts';
