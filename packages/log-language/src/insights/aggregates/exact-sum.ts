// Sums without rounding errors, so that the order in which events are added, and by how many workers, never shows
// in a result. Doubles are kept as a list of parts that do not overlap (Shewchuk 1997); whole numbers, the usual
// case, as one number as long as that is exact.

export interface SumState {
  readonly whole: number;
  readonly parts: readonly number[];
}

export class ExactSum {
  #whole = 0;
  #parts: number[] = [];

  add(value: number): void {
    if (Number.isSafeInteger(value)) {
      const whole = this.#whole + value;
      if (Number.isSafeInteger(whole)) {
        this.#whole = whole;
        return;
      }
      this.#addPart(this.#whole);
      this.#whole = value;
      return;
    }
    this.#addPart(value);
  }

  #addPart(value: number): void {
    let x = value;
    const parts: number[] = [];
    for (let y of this.#parts) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) parts.push(low);
      x = high;
    }
    parts.push(x);
    this.#parts = parts;
  }

  state(): SumState {
    return { whole: this.#whole, parts: [...this.#parts] };
  }

  merge(state: SumState): void {
    this.add(state.whole);
    for (const part of state.parts) this.#addPart(part);
  }

  /** The sum times 2^1074, which makes every double a whole number. Undefined when the sum is not finite. */
  scaled(): bigint | undefined {
    let sum = scaledDouble(this.#whole);
    for (const part of this.#parts) {
      if (!Number.isFinite(part)) return undefined;
      sum += scaledDouble(part);
    }
    return sum;
  }

  /** Rounded once. Undefined when it is not finite. */
  value(): number | undefined {
    if (this.#parts.length === 0) return this.#whole;
    const scaled = this.scaled();
    return scaled === undefined ? undefined : ratio(scaled, 1n << scaleBits);
  }
}

const scaleBits = 1074n;
const view = new DataView(new ArrayBuffer(8));

function scaledDouble(value: number): bigint {
  if (value === 0) return 0n;
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n === 0n ? magnitude : -magnitude;
}

/** The double nearest to `numerator / denominator`; infinite when that is too large for one. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n;
  const top = negative ? -numerator : numerator;
  // 66 bits of quotient are more than a double keeps; what is cut off is remembered in the last bit.
  const shift = BigInt(bitLength(denominator) - bitLength(top) + 66);
  const shifted = shift > 0n ? top << shift : top;
  const divisor = shift > 0n ? denominator : denominator << -shift;
  const quotient = shifted / divisor;
  const sticky = shifted % divisor === 0n ? quotient : quotient | 1n;
  const value = scaleBy(Number(sticky), -Number(shift));
  return negative ? -value : value;
}

/** In two steps, as one power of two may be beyond the range where the product is not. */
function scaleBy(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
