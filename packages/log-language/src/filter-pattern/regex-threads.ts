// Runs a regular expression all ways at once, for those with more states than a machine can have: slower for each byte,
// by as much as the expression is long, but never more than that.
import { hasMatch, type Instruction, reachable } from './regex-program.ts';
import { CONTINUES, SYMBOLS, symbols } from './regex-syntax.ts';

/** What follows each instruction, as plain numbers: this is looked at for each byte and each way. */
interface Tables {
  /** For each instruction and symbol 1 when it reads the symbol. */
  readonly reads: Uint8Array;
  /** Of instruction i what is reached after it: `targets` from `starts[i]` to `starts[i + 1]`. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** For each instruction 1 when it ends the search. */
  readonly matches: Uint8Array;
}

export class RegexThreads {
  readonly #program: readonly Instruction[];
  #tables: Tables | undefined;

  constructor(program: readonly Instruction[]) {
    this.#program = program;
  }

  /** True when the expression is found in `text`, of which all before `start` has led to `waiting`. */
  run(text: Uint8Array, start: number, waiting: readonly number[]): boolean {
    this.#tables ??= tablesOf(this.#program);
    const { length } = this.#program;
    // For each instruction the last place at which it was reached.
    const seen = new Int32Array(length).fill(-1);
    let current = Int32Array.from({ length }, (_, index) => waiting[index] ?? 0);
    let count = waiting.length;
    let next = new Int32Array(length);
    for (let at = start; at < text.length; at++) {
      const symbol = symbols[text[at] ?? 0] ?? CONTINUES;
      if (symbol === CONTINUES) continue;
      count = step(this.#tables, symbol, { current, count, next, seen, at });
      if (count < 0) return true;
      [current, next] = [next, current];
    }
    return hasMatch(this.#program, reachable(this.#program, [...current.subarray(0, count)], 'end'));
  }
}

interface Threads {
  readonly current: Int32Array;
  readonly count: number;
  readonly next: Int32Array;
  readonly seen: Int32Array;
  readonly at: number;
}

/** One symbol: fills `next` and gives its count, or -1 when the search has ended. */
function step(tables: Tables, symbol: number, { current, count, next, seen, at }: Threads): number {
  const { reads, starts, targets, matches } = tables;
  let filled = 0;
  // A match may begin anywhere: before the threads stands one that always comes to the first instruction.
  for (let thread = -1; thread < count; thread++) {
    const instruction = thread < 0 ? -1 : (current[thread] ?? 0);
    if (thread >= 0 && reads[instruction * SYMBOLS + symbol] !== 1) continue;
    const end = starts[instruction + 2] ?? 0;
    for (let index = starts[instruction + 1] ?? 0; index < end; index++) {
      const target = targets[index] ?? 0;
      if (seen[target] === at) continue;
      if (matches[target] === 1) return -1;
      seen[target] = at;
      next[filled++] = target;
    }
  }
  return filled;
}

function tablesOf(program: readonly Instruction[]): Tables {
  const reads = new Uint8Array(program.length * SYMBOLS);
  const starts = new Int32Array(program.length + 2);
  const targets: number[] = [];
  // Row 0 is for what comes before the first instruction.
  for (let row = 0; row <= program.length; row++) {
    const all = row < program.length ? reachable(program, [row], 'middle') : [];
    for (const at of all) if (program[at]?.kind !== 'fork') targets.push(at);
    starts[row + 1] = targets.length;
  }
  program.forEach((instruction, at) => {
    if (instruction.kind === 'symbol') reads.set(instruction.set, at * SYMBOLS);
  });
  const matches = Uint8Array.from(program, ({ kind }) => (kind === 'match' ? 1 : 0));
  return { reads, starts, targets: Int32Array.from(targets), matches };
}
