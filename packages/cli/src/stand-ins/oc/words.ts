// oc's words and flags, as far as its own commands take them.
import { OcError } from './cluster.ts';

export interface Words {
  /** What is neither a flag nor the value of one. */
  readonly plain: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  /** Everything from the second plain word on, as it stood; `--` before it is left out. */
  readonly rest: readonly string[];
}

/** `valued` are flags with a value, as they are typed: `-n`, `--namespace`. Reads up to `plainMax` plain words. */
export function readWords(words: readonly string[], valued: readonly string[], plainMax = Infinity): Words {
  const plain: string[] = [];
  const values = new Map<string, string>();
  const switches = new Set<string>();
  let index = 0;
  for (; index < words.length && plain.length < plainMax; index++) {
    const word = words[index] ?? '';
    const [flag = '', inline] = word.split(/=(.*)/s);
    if (!word.startsWith('-')) plain.push(word);
    else if (!valued.includes(flag)) switches.add(word);
    else values.set(flag, inline ?? valueAfter(words, ++index, flag));
  }
  const rest = words.slice(index);
  return { plain, values, switches, rest: rest[0] === '--' ? rest.slice(1) : rest };
}

function valueAfter(words: readonly string[], index: number, flag: string): string {
  const value = words[index];
  if (value === undefined) throw new OcError(`flag needs an argument: ${flag}`);
  return value;
}
