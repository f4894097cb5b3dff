// The language of queries, found when it is there.
import { fail, type Result } from '@pergola/kernel';
import * as language from '@pergola/log-language';
import type { CompiledQuery, QueryContext, QuerySyntaxError } from '@pergola/log-language';

type Compile = (text: string, context: QueryContext) => Result<CompiledQuery, QuerySyntaxError>;

const notImplemented: Compile = () =>
  fail({ message: 'queries are not implemented', offset: 0, endOffset: 0, line: 1, column: 1 });

export const compileQuery: Compile = (language as { compileQuery?: Compile }).compileQuery ?? notImplemented;
