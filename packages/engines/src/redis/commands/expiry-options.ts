// EX, PX, EXAT, PXAT: when a key is to expire.
import { integerOf } from '../data/numbers.ts';
import { faults } from '../resp/reply.ts';

interface Context {
  /** For the error. */
  readonly command: string;
  readonly nowMs: number;
}

const units: Readonly<Record<string, { readonly scale: number; readonly isAbsolute: boolean }>> = {
  ex: { scale: 1000, isAbsolute: false },
  px: { scale: 1, isAbsolute: false },
  exat: { scale: 1000, isAbsolute: true },
  pxat: { scale: 1, isAbsolute: true },
};

const MAX_MS = Number.MAX_SAFE_INTEGER;

/** The instant in milliseconds. Throws when `word` is no such option, or the time is none. */
export function expiryOption(word: string, time: string | undefined, { command, nowMs }: Context): number {
  const unit = Object.hasOwn(units, word) ? units[word] : undefined;
  if (!unit || time === undefined) throw faults.syntax();
  const value = integerOf(time);
  const atMs = value * unit.scale + (unit.isAbsolute ? 0 : nowMs);
  if (value <= 0 || atMs > MAX_MS) throw faults.error(`invalid expire time in '${command}' command`);
  return atMs;
}
