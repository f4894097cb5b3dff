// From the tree of a regular expression to a program: states that a machine can be in, and what leads from one to others.
import { invalidPattern } from './pattern-failure.ts';
import type { RegexNode, RegexSequence, SymbolSet } from './regex-syntax.ts';

export type Instruction =
  /** Reads one symbol of the set and goes on with the next instruction. */
  | { readonly kind: 'symbol'; readonly set: SymbolSet }
  /** Goes on at all of the targets, without reading. */
  | { readonly kind: 'fork'; readonly targets: readonly number[] }
  /** Goes on with the next instruction at the start, or the end, of the text only. */
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'match' };

/** Bounds what each byte may cost, since `{1000}` multiplies a pattern of 1,024 characters. */
const INSTRUCTIONS_MAX = 1_000;

export function compileRegex(alternatives: readonly RegexSequence[], offset: number): readonly Instruction[] {
  const program: Instruction[] = [];
  const jumps: number[] = [];
  const targets: number[] = [];
  program.push({ kind: 'fork', targets });
  for (const sequence of alternatives) {
    targets.push(program.length);
    for (const node of sequence) append(program, node, offset);
    jumps.push(program.length);
    program.push({ kind: 'match' });
  }
  return program;
}

function append(program: Instruction[], node: RegexNode, offset: number): void {
  if (node.kind !== 'repeat') program.push(node);
  else appendRepeat(program, node, offset);
  if (program.length > INSTRUCTIONS_MAX)
    throw invalidPattern('a regular expression has too many repetitions', offset);
}

function appendRepeat(
  program: Instruction[],
  { node, least, most }: RegexNode & { kind: 'repeat' },
  offset: number,
): void {
  for (let count = 0; count < least; count++) append(program, node, offset);
  if (most === Infinity) {
    // L: fork(body, out); body; fork(L)
    const at = program.length;
    program.push({ kind: 'fork', targets: [at + 1, at + 3] });
    append(program, node, offset);
    program.push({ kind: 'fork', targets: [at] });
    return;
  }
  for (let count = least; count < most; count++) {
    const at = program.length;
    program.push({ kind: 'fork', targets: [at + 1, at + 2] });
    append(program, node, offset);
  }
}

/** All instructions that can be reached from `origins` without reading. */
export function reachable(
  program: readonly Instruction[],
  origins: readonly number[],
  place: 'start' | 'middle' | 'end',
): Set<number> {
  const reached = new Set<number>();
  const open = [...origins];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const instruction = program[at];
    if (instruction?.kind === 'fork') open.push(...instruction.targets);
    else if (instruction?.kind === place) open.push(at + 1);
  }
  return reached;
}

/** True when one of the instructions ends the search. */
export function hasMatch(program: readonly Instruction[], reached: Iterable<number>): boolean {
  for (const at of reached) if (program[at]?.kind === 'match') return true;
  return false;
}
