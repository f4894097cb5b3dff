// Kubernetes quantities: `10M`, `1Mi`, `1.5G`, `2e3`.
import type { Quantity } from './spec/shared-spec.ts';

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The quantity as a whole number, rounded up as Kubernetes does; undefined when it is none. */
export function quantityValue(quantity: Quantity): number | undefined {
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)([KMGTPE]i|[numkMGTPE])?$/.exec(
    `${quantity}`,
  );
  const factor = factors[match?.[2] ?? ''];
  return match && factor !== undefined ? Math.ceil(Number(match[1]) * factor) : undefined;
}
