import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipInRange, parseIpRange } from './ip-range.ts';

function within(address: string, range: string): boolean {
  const [a, r] = [parseIpRange(address), parseIpRange(range)];
  return a !== undefined && r !== undefined && ipInRange(a, r);
}

describe('ip range', () => {
  it.each([
    '',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    'fe80::1%eth0',
    '1.2.3.4.5',
    ' 1.2.3.4',
  ])('refuses %j', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });

  it.each([
    ['0.0.0.0', '0.0.0.0/0', true],
    ['10.0.0.129', '10.0.0.128/25', true],
    ['10.0.0.127', '10.0.0.128/25', false],
    ['::1', '::/0', true],
    ['::1', '0.0.0.0/0', false],
    ['2001:db8::ff', '2001:db8:0:0:0:0:0:0/120', true],
    ['2001:db8::1ff', '2001:db8::/120', false],
    ['::ffff:0a00:0001', '10.0.0.0/24', true],
    ['10.0.0.0/25', '10.0.0.0/24', true],
    ['10.0.0.0/23', '10.0.0.0/24', false],
  ])('%s in %s is %s', (address, range, expected) => {
    expect(within(address, range)).toBe(expected);
  });

  it('agrees with arithmetic on 32-bit numbers', () => {
    const dotted = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
        const mask = bits === 0 ? 0 : -1 << (32 - bits);
        expect(within(dotted(a), `${dotted(b)}/${bits}`)).toBe((a & mask) === (b & mask));
      }),
    );
  });
});
