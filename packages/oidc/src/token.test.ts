import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { key, mint } from '../tests/fixtures.ts';
import { audiencesOf, decodeToken, tokenLengthMax } from './token.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = { alg: 'RS256', kid: 'k' };
const token = (head: unknown, claims: unknown) => `${encode(head)}.${encode(claims)}.AAAA`;

describe('decoding', () => {
  it('gives header and claims', async () => {
    const decoded = decodeToken(await mint({ azp: 'x' }));
    expect(decoded).toMatchObject({
      ok: true,
      value: { header: { alg: 'RS256', kid: key.kid }, claims: { azp: 'x' } },
    });
  });

  it.each([
    '',
    'a.b',
    'a.b.c.d',
    'e30.e30.',
    'e30.e30.A A',
    '!!.e30.AAAA',
    token([], {}),
    token(header, []),
    token(header, 'text'),
    token({ kid: 'k' }, {}),
    token({ ...header, kid: 5 }, {}),
    token({ ...header, crit: ['b64'], b64: false }, {}),
    token(header, { iss: 5 }),
    token(header, { exp: 'soon' }),
    token(header, { aud: [1] }),
    token(header, { aud: {} }),
    `${encode(header)}.${Buffer.from('not json').toString('base64url')}.AAAA`,
    `${encode(header)}.${encode({ pad: 'x'.repeat(tokenLengthMax) })}.AAAA`,
  ])('refuses %#', (text) => {
    expect(decodeToken(text).ok).toBe(false);
  });

  it('takes one signature in one spelling only', async () => {
    const jwt = await mint();
    const last = jwt.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = alphabet[alphabet.indexOf(last) ^ 1];
    expect(decodeToken(jwt).ok).toBe(true);
    expect(decodeToken(`${jwt.slice(0, -1)}${twin}`).ok).toBe(false);
  });

  it('never throws', () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        expect(typeof decodeToken(parts.join('.')).ok).toBe('boolean');
      }),
    );
  });

  it('lists audiences', () => {
    expect([audiencesOf({}), audiencesOf({ aud: 'a' }), audiencesOf({ aud: ['a', 'b'] })]).toEqual([
      [],
      ['a'],
      ['a', 'b'],
    ]);
  });
});
