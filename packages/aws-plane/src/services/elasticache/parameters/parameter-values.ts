// The values of a parameter group as an engine is given them.
import type { Reader } from '@pergola/store';
import type { Home } from '../state.ts';
import { findParameterGroup } from './parameter-records.ts';
import { parameterTable } from './parameter-table.ts';

export function engineParameters(reader: Reader, home: Home, groupName: string): Record<string, string> {
  const group = findParameterGroup(reader, home, groupName);
  const defaults = parameterTable(group?.family ?? '').map(({ name, value }) => [name, value] as const);
  return { ...Object.fromEntries(defaults), ...group?.values };
}
