import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, parseJsonText, positionOf } from './json-text.ts';

function valueOf(node: JsonNode): unknown {
  if (node.type === 'object') return Object.fromEntries(node.members.map((m) => [m.key, valueOf(m.value)]));
  if (node.type === 'array') return node.items.map(valueOf);
  return node.type === 'string' ? node.text : JSON.parse(node.text);
}

function accepted(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('json text', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const parsed = parseJsonText(JSON.stringify(value, null, 2));
        expect(parsed.ok && valueOf(parsed.value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('accepts exactly what JSON.parse does, duplicate keys and depth apart', () => {
    const unit = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '1',
      '-0',
      '01',
      '1e5',
      'true',
      'null',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 9 }), (text) => {
        const parsed = parseJsonText(text);
        if (parsed.ok || parsed.error.reason === 'invalid-json') expect(parsed.ok).toBe(accepted(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseJsonText(text);
      }),
    );
  });

  it('refuses duplicate keys and says where the second stands', () => {
    const text = '{"a": 1,\n "b": {"c": 1, "c": 2}}';
    const parsed = parseJsonText(text);
    expect(parsed).toMatchObject({ ok: false, error: { reason: 'duplicate-key' } });
    if (!parsed.ok) expect(positionOf(text, parsed.error.offset)).toMatchObject({ line: 2, column: 16 });
  });

  it('reads strings of any length and any characters', () => {
    const long = JSON.stringify(`\\"${'é\n'.repeat(2_000_000)}`);
    expect(parseJsonText(long).ok).toBe(true);
    expect(parseJsonText(long.slice(0, -1)).ok).toBe(false);
    expect(parseJsonText('"a\u0000b"')).toMatchObject({ ok: false, error: { reason: 'invalid-json' } });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseJsonText(JSON.stringify(text))).toMatchObject({
          ok: true,
          value: { type: 'string', text },
        });
      }),
    );
  });

  it('refuses bottomless nesting without overflowing', () => {
    expect(parseJsonText('['.repeat(100_000))).toMatchObject({ ok: false, error: { reason: 'too-deep' } });
  });
});
