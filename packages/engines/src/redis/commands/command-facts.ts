// COMMAND: what commands there are, for clients that ask where keys stand.
import { factsOf } from '../acl/categories.ts';
import { command, type Command, container, keysOf } from '../command.ts';
import { faults, Pairs, type Reply, Status } from '../resp/reply.ts';

const topic = 'connection' as const;

function rowOf(each: Command): Reply {
  const [first, last, step] = each.keys ?? [-1, -1, 0];
  const flags = [...each.flags].filter((flag) => !['open', 'early', 'quiet', 'dangerous'].includes(flag));
  if (each.findKeys) flags.push('movablekeys' as never);
  return [
    each.name,
    each.arity,
    flags.map((flag) => new Status(flag)),
    first + 1,
    last < 0 ? (first < 0 ? 0 : last) : last + 1,
    step,
    [...factsOf(each).categories].map((category) => new Status(`@${category}`)),
    [],
    [],
    [...(each.inner?.values() ?? [])].map(rowOf),
  ];
}

function named(all: readonly Command[], name = ''): Command | undefined {
  const [outer, inner] = name.toLowerCase().split('|');
  const found = all.find((each) => each.name === outer);
  return inner === undefined ? found : found?.inner?.get(inner);
}

/** Made with the table that they describe, which is not there yet. */
export function describingCommands(table: () => readonly Command[]): readonly Command[] {
  const rows = () => table().map(rowOf);
  const rowsOf = (names: readonly string[]) =>
    names.map((name) => {
      const found = named(table(), name);
      return found ? rowOf(found) : null;
    });
  const described = container('command', { topic }, [
    command('command|count', 2, { topic }, () => table().length),
    command('command|list', -2, { topic }, () => table().map(({ name }) => name)),
    command('command|info', -2, { topic }, (_, [, ...names]) => (names.length > 0 ? rowsOf(names) : rows())),
    command('command|docs', -2, { topic }, (_, [, ...names]) => {
      const chosen = names.length > 0 ? names.flatMap((name) => named(table(), name) ?? []) : table();
      return new Pairs(chosen.map((each) => [each.name, new Pairs([['group', each.topic]])]));
    }),
    command('command|getkeys', -3, { topic }, (_, [, name, ...args]) => {
      const found = named(table(), name);
      if (!found) throw faults.error('Invalid command specified');
      const keys = keysOf(found, args);
      if (keys.length === 0) throw faults.error('The command has no key arguments');
      return keys;
    }),
  ]);
  return [{ ...described, arity: -1, run: rows }];
}
