import { expect, test } from 'vitest';
import { inRange } from './version-range.ts';

test.each([
  ['5.8.4', '>=5.7.0 <5.9.0', true],
  ['5.9.0', '>=5.7.0 <5.9.0', false],
  ['5.9.0-rc.1', '<5.9.0', true],
  ['5.9.0-rc.10', '>5.9.0-rc.9', true],
  ['5.9.0-alpha', '<5.9.0-alpha.1', true],
  ['5.9.0-1', '<5.9.0-a', true],
  ['v6.0.1', '=6.0.1', true],
  ['6.0.1', '6.0.1', true],
  ['6.0.1', '!=6.0.1', false],
  ['6.1.0', '<6.0.0 || >=6.1.0', true],
  ['6.1.0', '', false],
  ['6.1.0', '>=6', false],
  ['six', '>=6.0.0', false],
])('%s in %s: %s', (version, range, wanted) => expect(inRange(version, range)).toBe(wanted));
