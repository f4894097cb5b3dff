// MAXLEN and MINID: how much of a stream stays.
import { countOf, integerOf } from '../data/numbers.ts';
import { type StreamId, streamIdOf, type StreamValue } from '../data/stream.ts';
import { faults } from '../resp/reply.ts';

export type Trim = { readonly length: number } | { readonly before: StreamId };

/** Reads `MAXLEN|MINID [=|~] threshold [LIMIT n]`; `used` counts its words. Trimming is always exact here. */
export function trimOf(args: readonly string[]): { readonly trim: Trim; readonly used: number } {
  const word = args[0]?.toLowerCase();
  if (word !== 'maxlen' && word !== 'minid') throw faults.syntax();
  const mark = args[1] === '~' || args[1] === '=' ? 1 : 0;
  const threshold = args[1 + mark] ?? '';
  const trim: Trim =
    word === 'maxlen'
      ? { length: countOf(threshold, 'The MAXLEN argument must be >= 0.') }
      : { before: streamIdOf(threshold, 0) };
  if (args[2 + mark]?.toLowerCase() !== 'limit') return { trim, used: 2 + mark };
  if (args[1] !== '~') throw faults.error('syntax error, LIMIT cannot be used without the special ~ option');
  integerOf(args[3 + mark]);
  return { trim, used: 4 + mark };
}

/** Returns how many entries went. */
export function trimStream(stream: StreamValue, trim: Trim): number {
  return 'length' in trim ? stream.trimToLength(trim.length) : stream.trimBefore(trim.before);
}
