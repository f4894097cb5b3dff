// A query that Logs Insights could not read, with the place.
import type { AwsError } from '@pergola/aws-client';
import { isRecord } from '@pergola/kernel';
import { CliError, exitCodes } from '../cli-error.ts';

/** The error with the text and a caret under the place; undefined when it is about something else. */
export function malformedQuery(text: string, error: AwsError): CliError | undefined {
  if (error.code !== 'MalformedQueryException') return undefined;
  const { queryCompileError: told } = error.members;
  const compileError = isRecord(told) ? told : {};
  const location = isRecord(compileError['location']) ? compileError['location'] : {};
  const { startCharOffset: start, endCharOffset: end } = location;
  const message = compileError['message'];
  const details = typeof message === 'string' ? message : error.message;
  return new CliError({
    what: `the query cannot be read: ${details}`,
    ...(typeof start === 'number'
      ? { details: pointAt(text, start, typeof end === 'number' ? end : start + 1) }
      : {}),
    exitCode: exitCodes.usage,
  });
}

/** The line that holds the place, and `^` under it. Two spaces in front are the caller's margin. */
export function pointAt(text: string, start: number, end: number): string {
  const at = Math.min(start, text.length);
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).replaceAll('\t', ' ');
  const width = Math.max(1, Math.min(end, lineStart + line.length) - at);
  return `${line}\n  ${' '.repeat(at - lineStart)}${'^'.repeat(width)}`;
}
