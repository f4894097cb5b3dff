// The `pod-template-hash` of a template: FNV-1a over its canonical JSON, in letters that spell no words. The value
// differs from kube-controller-manager's (which hashes Go's memory dump), its use does not.
import { isRecord } from '@pergola/kernel';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Hash of `template`; `collisionCount` gives another one when the name is taken. */
export function templateHash(template: unknown, collisionCount: number | undefined): string {
  let hash = 0x811c9dc5;
  const text = canonical(template) + (collisionCount === undefined ? '' : `#${collisionCount}`);
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  // As k8s.io/apimachinery SafeEncodeString does: each character of the decimal number becomes one letter.
  return Array.from(String(hash))
    .map((digit) => letters[digit.charCodeAt(0) % letters.length])
    .join('');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}
