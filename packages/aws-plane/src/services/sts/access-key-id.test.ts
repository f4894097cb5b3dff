import { seededRandom } from '@pergola/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOfSessionKeyId, newSessionKeyId } from './access-key-id.ts';

describe('session key ids', () => {
  it('carry any account', () => {
    const account = fc
      .bigInt({ min: 0n, max: 999_999_999_999n })
      .map((value) => String(value).padStart(12, '0'));
    fc.assert(
      fc.property(account, fc.integer(), (each, seed) => {
        const id = newSessionKeyId(each, seededRandom(seed).bytes(5));
        expect(id).toMatch(/^ASIA[A-Z2-7]{16}$/);
        expect(accountOfSessionKeyId(id)).toBe(each);
      }),
    );
  });

  it('are read as AWS reads them', () => {
    // A published example: "A short note on AWS KEY ID", 2023.
    expect(accountOfSessionKeyId('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753');
  });

  it('are nothing else', () => {
    for (const text of ['', 'ASIA', 'AKIAQNZGKIQY56JQ7WML', 'ASIAQNZGKIQY56JQ7WM1', 'ASIAQNZGKIQY56JQ7WMLA'])
      expect(accountOfSessionKeyId(text)).toBeUndefined();
  });
});
