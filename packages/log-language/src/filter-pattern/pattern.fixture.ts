// What tests ask of patterns, in few words.
import { blockOf } from './block.fixture.ts';
import type { FilterPattern } from './contract.ts';
import { parseFilterPattern } from './parse.ts';

/** The compiled pattern; fails the test where it is none. */
export function patternOf(text: string): FilterPattern {
  const parsed = parseFilterPattern(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.value;
}

/** The messages that match, found in a block and one by one. */
export function matching(text: string, messages: readonly string[]): readonly string[] {
  const pattern = patternOf(text);
  const indices: number[] = [];
  pattern.select(blockOf(messages), 0, messages.length, indices);
  const found = indices.map((index) => messages[index] ?? '');
  const expected = messages.filter((message) => pattern.matches(message));
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`${text} selects ${JSON.stringify(found)} of ${JSON.stringify(messages)}`);
  return found;
}

/** Why the text is no pattern. */
export function failureOf(text: string): string {
  const parsed = parseFilterPattern(text);
  return parsed.ok ? 'is a pattern' : parsed.error.message;
}
