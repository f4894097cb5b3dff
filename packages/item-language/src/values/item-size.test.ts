// Sizes as the Developer Guide counts them, and the units that they cost.
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../attribute-value.ts';
import { itemBytes, readUnits, valueBytes, writeUnits } from './item-size.ts';

describe('sizes', () => {
  it.each<[AttributeValue, number]>([
    [{ S: 'häh' }, 4],
    [{ N: '0' }, 1],
    [{ N: '1' }, 2],
    [{ N: '12' }, 2],
    [{ N: '123' }, 3],
    [{ N: '1.2' }, 3],
    [{ N: '-27' }, 3],
    [{ N: '1000' }, 2],
    [{ N: '9'.repeat(38) }, 20],
    [{ B: new Uint8Array(7) }, 7],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ L: [] }, 3],
    [{ M: {} }, 3],
    [{ L: [{ S: 'ab' }, { BOOL: true }] }, 3 + 1 + 2 + 1 + 1],
    [{ M: { key: { S: 'ab' } } }, 3 + 1 + 3 + 2],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '12'] }, 4],
    [{ BS: [new Uint8Array(2), new Uint8Array(3)] }, 5],
  ])('%j', (value, bytes) => {
    expect(valueBytes(value)).toBe(bytes);
    expect(itemBytes({ 'n€': value })).toBe(bytes + 4);
  });

  it('cost units by 4 KiB read and by 1 KiB written, and one unit at least', () => {
    expect(readUnits(0, 'strong')).toBe(1);
    expect(readUnits(4_096, 'eventual')).toBe(0.5);
    expect(readUnits(4_097, 'strong')).toBe(2);
    expect(readUnits(4_097, 'transactional')).toBe(4);
    expect(writeUnits(0)).toBe(1);
    expect(writeUnits(1_025)).toBe(2);
    expect(writeUnits(1_024, true)).toBe(2);
  });
});
