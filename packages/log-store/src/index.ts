// log-store: log events in append-only segments on disk: durable appends, ordered reads, parallel queries.
export type * from './contract.ts';
export { type ColumnsOfEvents, EventColumns } from './event-columns.ts';
export { AppendError } from './journal/journal.ts';
export { GroupDeletedError } from './log-store.ts';
export { openLogStore } from './open-log-store.ts';
