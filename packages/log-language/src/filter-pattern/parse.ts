// Filter patterns: what FilterLogEvents, metric filters, subscription filters and Live Tail select events with.
// The language: "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail" of
// the CloudWatch Logs user guide, and what people measured: an operator beside `=` and `!=` takes numbers only, and a
// quoted number is compared with a number's text (`12.0` is not "12").
import { fail, ok, type Result } from '@pergola/kernel';
import type { LogBlock } from '../log-block.ts';
import { readColumnPattern } from './column-pattern.ts';
import type { FilterPattern, PatternSyntaxError } from './contract.ts';
import { spanOf } from './event-cursor.ts';
import { readJsonPattern } from './json-pattern.ts';
import type { Matcher } from './matcher.ts';
import { invalidPattern, PatternFailure } from './pattern-failure.ts';
import { PatternText } from './pattern-text.ts';
import { readTerms } from './terms.ts';

const LENGTH_MAX = 1_024;

/** Compiles a filter pattern. An empty one matches every event. */
export function parseFilterPattern(text: string): Result<FilterPattern, PatternSyntaxError> {
  try {
    return ok(compile(text));
  } catch (error) {
    if (!(error instanceof PatternFailure)) throw error;
    return fail({ message: error.message, offset: error.offset });
  }
}

function compile(source: string): FilterPattern {
  if (source.length > LENGTH_MAX)
    throw invalidPattern(`it is longer than ${LENGTH_MAX} characters`, LENGTH_MAX);
  const json = source.startsWith('{');
  const columns = source.startsWith('[');
  if (json) mustEnd(source, '{', '}');
  if (columns) mustEnd(source, '[', ']');
  const text = new PatternText(source, json || columns ? 1 : 0);
  const matcher = json ? readJsonPattern(text) : columns ? readColumnPattern(text) : readTerms(text);
  text.skipSpaces();
  if (!text.ended) throw text.unexpected('the end');
  return new CompiledPattern(source, text.regexes, matcher);
}

function mustEnd(source: string, start: string, end: string): void {
  const shown = source.trimEnd();
  if (!shown.endsWith(end))
    throw new PatternFailure(
      `If a filter pattern starts with '${start}' it must end with '${end}'`,
      shown.length,
    );
}

class CompiledPattern implements FilterPattern {
  readonly source: string;
  readonly regexes: number;
  readonly #matcher: Matcher;

  constructor(source: string, regexes: number, matcher: Matcher) {
    this.source = source;
    this.regexes = regexes;
    this.#matcher = matcher;
  }

  select(block: LogBlock, from: number, to: number, into: number[]): void {
    const { bytes, starts } = block;
    const matcher = this.#matcher;
    const cursor = matcher.candidates(spanOf(block, from, to));
    for (let event = cursor.next(from); event < to; event = cursor.next(event + 1)) {
      if (matcher.exact || matcher.test(bytes.subarray(starts[event], starts[event + 1]))) into.push(event);
    }
  }

  matches(message: string): boolean {
    return this.#matcher.test(Buffer.from(message));
  }

  extract(message: string): Readonly<Record<string, string>> | undefined {
    return this.matches(message) ? this.#matcher.extract(message) : undefined;
  }
}
