// The option group of an instance to be: the one that is named, which must fit, or the default one.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import type { OfferedVersion } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { find, optionGroups } from '../kinds.ts';
import type { StoredOptionGroup } from './option-group.ts';

/** `default:postgres-14`; mysql and MariaDB have dots in it as dashes. */
export function defaultOptionGroupName(engine: string, major: string): string {
  return `default:${engine}-${major.replaceAll('.', '-')}`;
}

/** The default groups are not kept; they are told from their names. */
export function defaultOptionGroup(name: string): StoredOptionGroup | undefined {
  const [, engine, major] = /^default:([a-z-]+)-(\d+(?:-\d+)?)$/.exec(name) ?? [];
  if (engine === undefined || major === undefined) return undefined;
  const version = major.replace('-', '.');
  return {
    name,
    description: `Default option group for ${engine} ${version}`,
    engine,
    major: version,
    tags: {},
  };
}

export function optionGroupFor(
  call: Call,
  { engine, major }: OfferedVersion,
  name: string | undefined,
): string {
  const standard = defaultOptionGroupName(engine.name, major);
  if (name === undefined || name === '' || name === standard) return standard;
  const group = find(call.plane.store, optionGroups, homeOf(call), name) ?? defaultOptionGroup(name);
  if (!group) throw faults.noSuchOptionGroup(name);
  if (group.engine === engine.name && group.major === major) return group.name;
  throw faults.invalidCombination(
    `The option group ${group.name} is for ${group.engine} ${group.major} and cannot be used with ${engine.name} ${major}.`,
  );
}
