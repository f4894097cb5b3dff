// log-store: log events in append-only segments on disk: durable appends, ordered reads, parallel queries.
export type * from './contract.ts';
