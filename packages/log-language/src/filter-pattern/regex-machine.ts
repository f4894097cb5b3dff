// Runs a regular expression over the bytes of a message in time that grows with the message only: a deterministic
// machine whose states are made when they are first met. A backtracking engine could be made to hang by a pattern.
import { type Instruction, compileRegex, hasMatch, reachable } from './regex-program.ts';
import {
  CONTINUES,
  OTHER,
  parseRegex,
  type RegexNode,
  type RegexSequence,
  SYMBOLS,
  symbols,
} from './regex-syntax.ts';
import { RegexThreads } from './regex-threads.ts';

/** An expression that has more is not worth a machine. */
const STATES_MAX = 1_000;
const UNKNOWN = -1;
/** The state in which the expression has been found. */
const FOUND = 0;

interface State {
  /** Instructions that read a symbol, and those that wait for the end; ascending. */
  readonly waiting: readonly number[];
  readonly foundAtEnd: boolean;
}

export class RegexMachine {
  readonly source: string;
  /** Bytes that are in every text that it finds; undefined when there are none. */
  readonly needle: Buffer | undefined;
  readonly #program: readonly Instruction[];
  readonly #threads: RegexThreads;
  readonly #states: State[] = [{ waiting: [], foundAtEnd: true }];
  readonly #numbers = new Map<string, number>();
  /** For each state and symbol the next state, or UNKNOWN. */
  #moves = new Int16Array(SYMBOLS);
  readonly #first: number;

  /** Throws a PatternFailure; `offset` is where `source` stands in the pattern. */
  constructor(source: string, offset: number) {
    const alternatives = parseRegex(source, offset);
    this.source = source;
    this.#program = compileRegex(alternatives, offset);
    this.needle = needleOf(alternatives);
    this.#threads = new RegexThreads(this.#program);
    this.#first = this.#stateOf(reachable(this.#program, [0], 'start'));
  }

  /** True when it is found in `text`, UTF-8. */
  test(text: Uint8Array): boolean {
    let state = this.#first;
    for (let at = 0; at < text.length && state !== FOUND; at++) {
      const symbol = symbols[text[at] ?? 0] ?? CONTINUES;
      if (symbol === CONTINUES) continue;
      const known = this.#moves[state * SYMBOLS + symbol] ?? UNKNOWN;
      const next = known === UNKNOWN ? this.#move(state, symbol) : known;
      if (next === UNKNOWN) return this.#goOn(text, at, state);
      state = next;
    }
    return this.#states[state]?.foundAtEnd === true;
  }

  /** From `state` on without states. */
  #goOn(text: Uint8Array, at: number, state: number): boolean {
    return this.#threads.run(text, at, this.#states[state]?.waiting ?? []);
  }

  /** The state after `symbol`; UNKNOWN when there are too many. */
  #move(state: number, symbol: number): number {
    if (this.#states.length >= STATES_MAX) return UNKNOWN;
    const program = this.#program;
    const reading = (this.#states[state]?.waiting ?? []).filter((at) => {
      const instruction = program[at];
      return instruction?.kind === 'symbol' && instruction.set[symbol] === 1;
    });
    const origins = [...reading.map((at) => at + 1), 0];
    const next = this.#stateOf(reachable(program, origins, 'middle'));
    this.#moves[state * SYMBOLS + symbol] = next;
    return next;
  }

  #stateOf(reached: ReadonlySet<number>): number {
    const program = this.#program;
    if (hasMatch(program, reached)) return FOUND;
    const waiting = [...reached].filter((at) => program[at]?.kind !== 'fork').sort((a, b) => a - b);
    const key = waiting.join(',');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const foundAtEnd = hasMatch(program, reachable(program, waiting, 'end'));
    const number = this.#states.push({ waiting, foundAtEnd }) - 1;
    this.#numbers.set(key, number);
    this.#grow();
    return number;
  }

  #grow(): void {
    const moves = this.#moves;
    if (this.#states.length * SYMBOLS <= moves.length) return;
    this.#moves = new Int16Array(Math.max(16 * SYMBOLS, 2 * moves.length)).fill(UNKNOWN);
    this.#moves.set(moves);
  }
}

/** The longest run of plain characters that every match must hold. */
function needleOf(alternatives: readonly RegexSequence[]): Buffer | undefined {
  const [sequence, ...others] = alternatives;
  if (!sequence || others.length > 0) return undefined;
  let best = '';
  let run = '';
  for (const node of sequence) {
    const char = characterOf(node);
    run = char === undefined ? '' : run + char;
    if (run.length > best.length) best = run;
  }
  return best === '' ? undefined : Buffer.from(best);
}

function characterOf(node: RegexNode): string | undefined {
  if (node.kind !== 'symbol' || node.set[OTHER] === 1) return undefined;
  const symbol = node.set.indexOf(1);
  return symbol === node.set.lastIndexOf(1) && symbol >= 0 ? String.fromCharCode(symbol) : undefined;
}
