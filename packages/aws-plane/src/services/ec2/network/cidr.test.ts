import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, overlaps, parseCidr, renderCidr } from './cidr.ts';

const usual = (text: string) => {
  const cidr = parseCidr(text);
  return cidr && renderCidr(cidr);
};

test.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['::/0', '::/0'],
  ['2001:DB8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
  ['2001:db8::ffff/64', '2001:db8::/64'],
  ['::ffff:10.0.0.1/128', '::ffff:a00:1/128'],
  ['1:2:3:4:5:6:7:8/128', '1:2:3:4:5:6:7:8/128'],
])('%s is %s', (text, expected) => {
  expect(usual(text)).toBe(expected);
});

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.0/08',
  '::/129',
  ':::/0',
  'x/8',
  '',
  '10.0.0.0/8 ',
])('%j is none', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

const block = fc
  .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => parseCidr(`${address}/${prefix}`))
  .filter((cidr) => cidr !== undefined);

test('blocks that overlap contain one another, and the usual form stays as it is', () => {
  fc.assert(
    fc.property(block, block, (a, b) => {
      expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      expect(usual(renderCidr(a))).toBe(renderCidr(a));
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
      const once = usual(`${address}/${prefix}`);
      expect(once === undefined ? undefined : usual(once)).toBe(once);
    }),
  );
});
