// The language of queries, until it has a door of its own.
import { fail, type Result } from '@pergola/kernel';
import type { CompiledQuery, QueryContext, QuerySyntaxError } from '@pergola/log-language';

export function compileQuery(_text: string, _context: QueryContext): Result<CompiledQuery, QuerySyntaxError> {
  return fail({ message: 'queries are not implemented', offset: 0, endOffset: 0, line: 1, column: 1 });
}
