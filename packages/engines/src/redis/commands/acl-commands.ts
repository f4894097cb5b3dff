// ACL: users are read here. They are changed through ElastiCache only.
import { aclCategories } from '../acl/user.ts';
import { command, type Command, container } from '../command.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, OK, Pairs, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const admin = { topic: 'server', flags: 'admin dangerous' } as const;
const open = { topic: 'server' } as const;

function getUser({ node }: Session, [, name = '']: string[]): Reply {
  const user = node.acl.find(name);
  if (!user) return null;
  return new Pairs([
    ['flags', [user.enabled ? 'on' : 'off', ...(user.noPassword ? ['nopass'] : [])]],
    ['passwords', [...user.hashes]],
    ['commands', user.commandRules()],
    ['keys', user.keyRules()],
    ['channels', user.channelRules()],
    ['selectors', []],
  ]);
}

function generate({ node }: Session, [, bits]: string[]): Reply {
  const count = bits === undefined ? 256 : integerOf(bits);
  if (count <= 0 || count > 4096)
    throw faults.error(
      'ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096',
    );
  return node.hex(Math.ceil(count / 4));
}

function log({ node }: Session, [, option]: string[]): Reply {
  if (option?.toLowerCase() === 'reset') {
    node.acl.log.length = 0;
    return OK;
  }
  const count = option === undefined ? 10 : integerOf(option);
  return node.acl.log.slice(0, Math.max(0, count)).map(
    ({ reason, object, user, atMs }) =>
      new Pairs([
        ['count', 1],
        ['reason', reason],
        ['context', 'toplevel'],
        ['object', object],
        ['username', user],
        ['age-seconds', String((node.clock.nowMs() - atMs) / 1000)],
      ]),
  );
}

export const aclCommands: readonly Command[] = [
  container('acl', open, [
    command('acl|whoami', 2, open, ({ user }) => user?.name ?? 'default'),
    command('acl|users', 2, admin, ({ node }) => node.acl.users().map(({ name }) => name)),
    command('acl|list', 2, admin, ({ node }) => node.acl.users().map((user) => user.describe())),
    command('acl|getuser', 3, admin, getUser),
    command('acl|cat', 2, open, () => [...aclCategories].filter((name) => name !== 'all')),
    command('acl|genpass', -2, open, generate),
    command('acl|log', -2, admin, log),
  ]),
];
