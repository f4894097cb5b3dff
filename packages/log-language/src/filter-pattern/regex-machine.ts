// Runs a regular expression over the bytes of a message in time that grows with the message only: a deterministic
// machine whose states are made when they are first met. A backtracking engine could be made to hang by a pattern.
import { type Instruction, compileRegex } from './regex-program.ts';
import { OTHER, parseRegex, type RegexNode, type RegexSequence, SYMBOLS } from './regex-syntax.ts';

/** States that are kept; more are forgotten and made again. */
const STATES_MAX = 1_000;
const UNKNOWN = -1;
/** The state in which the expression has been found. */
const FOUND = 0;

/** A character outside ASCII is one symbol: its first byte. The bytes that continue it read nothing. */
const CONTINUES = 255;
const symbols = new Uint8Array(256).map((_, byte) => {
  if (byte < 0x80) return byte;
  return byte < 0xc0 ? CONTINUES : OTHER;
});

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
  #states: State[] = [];
  #numbers = new Map<string, number>();
  /** For each state and symbol the next state, or UNKNOWN. */
  #moves = new Int16Array(0);
  #first = 0;

  /** Throws a PatternFailure; `offset` is where `source` stands in the pattern. */
  constructor(source: string, offset: number) {
    const alternatives = parseRegex(source, offset);
    this.source = source;
    this.#program = compileRegex(alternatives, offset);
    this.needle = needleOf(alternatives);
    this.#reset();
  }

  /** True when it is found in `text`, UTF-8. */
  test(text: Uint8Array): boolean {
    let state = this.#first;
    let moves = this.#moves;
    for (let at = 0; at < text.length && state !== FOUND; at++) {
      const symbol = symbols[text[at] ?? 0] ?? CONTINUES;
      if (symbol === CONTINUES) continue;
      const next = moves[state * SYMBOLS + symbol] ?? UNKNOWN;
      if (next === UNKNOWN) {
        state = this.#move(state, symbol);
        moves = this.#moves;
      } else {
        state = next;
      }
    }
    return state === FOUND || this.#states[state]?.foundAtEnd === true;
  }

  #reset(): void {
    this.#states = [];
    this.#numbers = new Map();
    this.#moves = new Int16Array(0);
    this.#add({ waiting: [], foundAtEnd: true });
    this.#first = this.#stateOf(new Set(this.#reachable([0], 'start')));
  }

  #move(state: number, symbol: number): number {
    const waiting = this.#states[state]?.waiting ?? [];
    const reading = waiting.filter((at) => {
      const instruction = this.#program[at];
      return instruction?.kind === 'symbol' && instruction.set[symbol] === 1;
    });
    const after = this.#reachable([...reading.map((at) => at + 1), 0], 'middle');
    const full = this.#states.length >= STATES_MAX;
    if (full) this.#reset();
    const next = this.#stateOf(after);
    if (!full) this.#moves[state * SYMBOLS + symbol] = next;
    return next;
  }

  #stateOf(reached: ReadonlySet<number>): number {
    const instructions = [...reached].sort((a, b) => a - b);
    if (instructions.some((at) => this.#program[at]?.kind === 'match')) return FOUND;
    const key = instructions.join(',');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const waiting = instructions.filter((at) => this.#program[at]?.kind !== 'fork');
    const foundAtEnd = [...this.#reachable(waiting, 'end')].some((at) => this.#program[at]?.kind === 'match');
    const number = this.#add({ waiting, foundAtEnd });
    this.#numbers.set(key, number);
    return number;
  }

  #add(state: State): number {
    const number = this.#states.push(state) - 1;
    const moves = this.#moves;
    if (this.#states.length * SYMBOLS > moves.length) {
      this.#moves = new Int16Array(Math.max(16 * SYMBOLS, 2 * moves.length)).fill(UNKNOWN);
      this.#moves.set(moves);
    }
    return number;
  }

  /** All instructions that can be reached from `origins` without reading. */
  #reachable(origins: readonly number[], place: 'start' | 'middle' | 'end'): Set<number> {
    const reached = new Set<number>();
    const open = [...origins];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const instruction = this.#program[at];
      if (instruction?.kind === 'fork') open.push(...instruction.targets);
      else if (instruction?.kind === place) open.push(at + 1);
    }
    return reached;
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
