// log-language: the two languages of CloudWatch Logs, filter patterns and Logs Insights, over blocks of events. Pure.
export type { FilterPattern, PatternSyntaxError } from './filter-pattern/contract.ts';
export { parseFilterPattern } from './filter-pattern/parse.ts';
export type {
  CompiledQuery,
  QueryContext,
  QueryField,
  QueryPartial,
  QueryRows,
  QueryRun,
  QuerySources,
  QuerySyntaxError,
} from './insights/contract.ts';
export { compileQuery } from './insights/compile-query.ts';
export { flatten } from './insights/fields/flatten.ts';
export { decodePointer, encodePointer, type EventPlace } from './insights/pointer.ts';
export { QueryLimitError } from './insights/query-limit-error.ts';
export { type LogBlock, messageOf } from './log-block.ts';
