// Parameter groups of instances and of clusters as one noun: finding them, the default ones of each family among them,
// and telling who uses them.
import type { Reader } from '@pergola/store';
import { faults } from '../faults.ts';
import { clusterParameterGroups, clusters, instances, type Kind, find } from '../kinds.ts';
import { type Home, listRecords } from '../state.ts';
import type { StoredParameterGroup } from './parameter-group.ts';
import { tableOfFamily } from './parameter-table.ts';

const DEFAULT = 'default.';

export function isDefaultName(name: string): boolean {
  return name.toLowerCase().startsWith(DEFAULT);
}

export function defaultGroupName(family: string): string {
  return DEFAULT + family;
}

/** The group that every family has from the beginning; it cannot be changed. */
function defaultGroup(name: string): StoredParameterGroup | undefined {
  const family = name.slice(DEFAULT.length);
  if (!tableOfFamily(family)) return undefined;
  return {
    name: name.toLowerCase(),
    description: `Default parameter group for ${family}`,
    family,
    values: {},
    atReboot: [],
    tags: {},
  };
}

export function findGroup(
  reader: Reader,
  kind: Kind<StoredParameterGroup>,
  home: Home,
  name: string,
): StoredParameterGroup | undefined {
  return (
    find(reader, kind, home, name) ?? (isDefaultName(name) ? defaultGroup(name.toLowerCase()) : undefined)
  );
}

export function namedGroup(
  reader: Reader,
  kind: Kind<StoredParameterGroup>,
  home: Home,
  name: string | undefined,
): StoredParameterGroup {
  const found = findGroup(reader, kind, home, name ?? '');
  if (!found) throw kind.missing(name ?? '');
  return found;
}

/** The group of an instance or cluster to be: it must be of the family of its version. */
export function groupForFamily(
  reader: Reader,
  kind: Kind<StoredParameterGroup>,
  home: Home,
  want: { readonly name: string | undefined; readonly family: string },
): StoredParameterGroup {
  const group = namedGroup(reader, kind, home, want.name ?? defaultGroupName(want.family));
  if (group.family === want.family) return group;
  throw faults.invalidCombination(
    `The parameter group ${group.name} with DBParameterGroupFamily ${group.family} can't be used for this instance. Please use a parameter group with DBParameterGroupFamily ${want.family}.`,
  );
}

/** Names of the instances or clusters that have this group. */
export function usersOf(
  reader: Reader,
  kind: Kind<StoredParameterGroup>,
  home: Home,
  name: string,
): string[] {
  if (kind === clusterParameterGroups) {
    return listRecords(reader, clusters.table, home)
      .filter(({ settings }) => settings.parameterGroup === name)
      .map((cluster) => cluster.name);
  }
  return listRecords(reader, instances.table, home)
    .filter(({ settings, pending }) => settings.parameterGroup === name || pending.parameterGroup === name)
    .map((instance) => instance.name);
}
