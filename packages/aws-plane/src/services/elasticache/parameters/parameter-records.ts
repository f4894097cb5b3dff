// Parameter groups as they are kept, and those that every family has without having been made.
import type { Reader } from '@pergola/store';
import { families } from '../catalogue.ts';
import { arnOf, parameterGroups } from '../kinds.ts';
import type { StoredParameterGroup } from '../records.ts';
import { type Home, listRecords, readRecord } from '../state.ts';

export function defaultGroupName(family: string, clustered: boolean): string {
  return `default.${family}${clustered ? '.cluster.on' : ''}`;
}

function defaultGroup(home: Home, family: string, clustered: boolean): StoredParameterGroup {
  const name = defaultGroupName(family, clustered);
  const description = `Default parameter group for ${family}${clustered ? ' with cluster mode on' : ''}`;
  const values: Record<string, string> = clustered ? { 'cluster-enabled': 'yes' } : {};
  return { name, arn: arnOf(home, parameterGroups.noun, name), tags: {}, family, description, values };
}

export function defaultGroups(home: Home): StoredParameterGroup[] {
  return families.flatMap((family) =>
    family.startsWith('memcached')
      ? [defaultGroup(home, family, false)]
      : [defaultGroup(home, family, false), defaultGroup(home, family, true)],
  );
}

export function findParameterGroup(
  reader: Reader,
  home: Home,
  name: string,
): StoredParameterGroup | undefined {
  const kept = readRecord(reader, parameterGroups, home, name);
  return kept ?? defaultGroups(home).find((group) => group.name === name.toLowerCase());
}

export function allParameterGroups(reader: Reader, home: Home): StoredParameterGroup[] {
  const kept = listRecords(reader, parameterGroups, home);
  return [...kept, ...defaultGroups(home)].sort((a, b) => (a.name < b.name ? -1 : 1));
}
