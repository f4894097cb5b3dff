// Document paths in PartiQL: names, quoted or not, and indexes.
import { ItemLanguageError } from '../item-language-error.ts';
import type { PathNode, PathStep } from '../syntax/tree.ts';
import type { PartiqlReader } from './partiql-reader.ts';

const INDEX_MAX = 2_147_483_647;

export function readPartiqlPath(reader: PartiqlReader): PathNode {
  const steps: PathStep[] = [{ kind: 'name', name: reader.name() }];
  for (;;) {
    if (reader.skip('.')) steps.push({ kind: 'name', name: reader.name() });
    else if (reader.skip('[')) steps.push(readStep(reader));
    else return { kind: 'path', steps };
  }
}

/** An index, or a member's name as a text. */
function readStep(reader: PartiqlReader): PathStep {
  const step: PathStep =
    reader.next.kind === 'text' ? { kind: 'name', name: reader.take().text } : readIndex(reader);
  reader.expect(']');
  return step;
}

function readIndex(reader: PartiqlReader): PathStep {
  const { start: from } = reader.next;
  const negative = reader.skip('-');
  const { kind, text, start, end } = reader.next;
  if (kind !== 'number' || !/^\d+$/.test(text)) throw reader.unexpected();
  reader.take();
  const index = Number(text);
  const [shown, place] = negative
    ? [`-${text}`, reader.place(from, from + 1)]
    : [text, reader.place(start, end)];
  if (index > INDEX_MAX || (negative && index !== 0))
    throw new ItemLanguageError(
      `List index is not within the allowable range; index: [${shown}] at ${place}`,
    );
  return { kind: 'index', index };
}
