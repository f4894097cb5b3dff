// Kubernetes quantities as whole numbers: `10M`, `1Mi`, `1.5G`, `2e3`.
import { parseQuantity } from '@pergola/kube-client';
import type { Quantity } from './spec/shared-spec.ts';

/** The quantity as a whole number, rounded up as Kubernetes does; undefined when it is none. */
export function quantityValue(quantity: Quantity): number | undefined {
  const value = parseQuantity(`${quantity}`);
  return value === undefined ? undefined : Math.ceil(value);
}
