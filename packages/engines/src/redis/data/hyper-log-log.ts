// How many different members have been seen, about, in 12 KiB: HyperLogLog, with Redis's hash, registers and estimate, so that
// both count the same. Kept as Redis's dense form of it.
// https://arxiv.org/abs/1702.01284 (the estimate), https://redis.io/docs/latest/develop/data-types/probabilistic/hyperloglogs/

const REGISTERS = 16_384;
const INDEX_BITS = 14n;
/** Bits of a hash that are not the register's number. */
const REST_BITS = 50;
const HEADER_BYTES = 16;
const MAGIC = 'HYLL';
const DENSE_BYTES = HEADER_BYTES + (REGISTERS * 6) / 8;
const ALPHA = 1 / (2 * Math.LN2);

const MULTIPLIER = 0xc6a4a7935bd1e995n;
const SEED = 0xadc83b19n;
const u64 = (value: bigint) => BigInt.asUintN(64, value);

/** MurmurHash64A. */
function hashOf(member: string): bigint {
  const bytes = Buffer.from(member, 'latin1');
  let hash = u64(SEED ^ u64(BigInt(bytes.length) * MULTIPLIER));
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) {
    let part = u64(bytes.readBigUInt64LE(at) * MULTIPLIER);
    part = u64((part ^ (part >> 47n)) * MULTIPLIER);
    hash = u64((hash ^ part) * MULTIPLIER);
  }
  if (whole < bytes.length) {
    let rest = 0n;
    for (let at = bytes.length - 1; at >= whole; at--) rest = (rest << 8n) | BigInt(bytes[at] ?? 0);
    hash = u64((hash ^ rest) * MULTIPLIER);
  }
  hash = u64((hash ^ (hash >> 47n)) * MULTIPLIER);
  return hash ^ (hash >> 47n);
}

/** The registers, a byte each while they are worked on. */
export class HyperLogLog {
  readonly #registers: Uint8Array;

  private constructor(registers: Uint8Array) {
    this.#registers = registers;
  }

  static empty(): HyperLogLog {
    return new HyperLogLog(new Uint8Array(REGISTERS));
  }

  /** Undefined when the text is none of the dense form. */
  static from(text: string): HyperLogLog | undefined {
    if (text.length !== DENSE_BYTES || !text.startsWith(`${MAGIC}\0`)) return undefined;
    const registers = new Uint8Array(REGISTERS);
    for (let register = 0; register < REGISTERS; register++) {
      const bit = register * 6;
      const at = HEADER_BYTES + (bit >> 3);
      const pair = text.charCodeAt(at) | ((text.charCodeAt(at + 1) || 0) << 8);
      registers[register] = (pair >> (bit & 7)) & 63;
    }
    return new HyperLogLog(registers);
  }

  toText(): string {
    const bytes = Buffer.alloc(DENSE_BYTES);
    bytes.write(MAGIC, 'latin1');
    // No count is kept beside the registers.
    bytes[HEADER_BYTES - 1] = 0x80;
    for (let register = 0; register < REGISTERS; register++) {
      const bit = register * 6;
      const at = HEADER_BYTES + (bit >> 3);
      const shifted = (this.#registers[register] ?? 0) << (bit & 7);
      bytes[at] = (bytes[at] ?? 0) | (shifted & 0xff);
      if (shifted > 0xff) bytes[at + 1] = (bytes[at + 1] ?? 0) | (shifted >> 8);
    }
    return bytes.toString('latin1');
  }

  /** True when that changed a register. */
  add(member: string): boolean {
    const hash = hashOf(member);
    const register = Number(hash & BigInt(REGISTERS - 1));
    const rest = (hash >> INDEX_BITS) | (1n << BigInt(REST_BITS));
    // The place of the lowest bit that is set.
    const run = (rest & -rest).toString(2).length;
    if ((this.#registers[register] ?? 0) >= run) return false;
    this.#registers[register] = run;
    return true;
  }

  merge(other: HyperLogLog): void {
    other.#registers.forEach((run, register) => {
      if (run > (this.#registers[register] ?? 0)) this.#registers[register] = run;
    });
  }

  count(): number {
    const runs = Array.from({ length: 64 }, () => 0);
    for (const run of this.#registers) runs[run] = (runs[run] ?? 0) + 1;
    const of = (run: number) => runs[run] ?? 0;
    let sum = REGISTERS * tau((REGISTERS - of(REST_BITS + 1)) / REGISTERS);
    for (let run = REST_BITS; run >= 1; run--) sum = (sum + of(run)) / 2;
    sum += REGISTERS * sigma(of(0) / REGISTERS);
    return Math.round((ALPHA * REGISTERS * REGISTERS) / sum);
  }
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [root, weight, sum] = [share, 1, 1 - share];
  for (let before = Number.NaN; before !== sum; ) {
    root = Math.sqrt(root);
    before = sum;
    weight /= 2;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let [power, weight, sum] = [share, 1, share];
  for (let before = Number.NaN; before !== sum; ) {
    power *= power;
    before = sum;
    sum += power * weight;
    weight += weight;
  }
  return sum;
}
