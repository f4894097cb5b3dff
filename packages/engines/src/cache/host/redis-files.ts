// What a server of the host is told: its settings, and its users as the file of its ACL.
import type { CacheSettings, EnginePlace } from '../../contract.ts';
import { AclUser, hashOf } from '../../redis/acl/user.ts';
import type { Login } from './redis-client.ts';
import { socketName } from './redis-client.ts';

/** Parameters that a server of the host is given. All others stay as the server has them. */
const passedOn: ReadonlySet<string> = new Set([
  'maxmemory',
  'maxmemory-policy',
  'maxmemory-samples',
  'timeout',
  'databases',
  'notify-keyspace-events',
  'tcp-keepalive',
  'lfu-decay-time',
  'lfu-log-factor',
  'list-compress-depth',
  'hash-max-listpack-entries',
  'hash-max-listpack-value',
  'hll-sparse-max-bytes',
  'set-max-intset-entries',
  'slowlog-log-slower-than',
  'slowlog-max-len',
  'stream-node-max-bytes',
  'stream-node-max-entries',
  'zset-max-listpack-entries',
  'zset-max-listpack-value',
]);

/** Only at the start. */
const atStart: ReadonlySet<string> = new Set(['databases']);

export function parametersToSet(parameters: CacheSettings['parameters']): [string, string][] {
  return Object.entries(parameters).filter(([name]) => passedOn.has(name) && !atStart.has(name));
}

export interface RedisStart {
  /** The server's folder, as the server sees it. */
  readonly folder: string;
  readonly place: EnginePlace;
  readonly tls: boolean;
  readonly parameters: CacheSettings['parameters'];
  readonly administrator: Login;
  /** Where a replica's primary is. */
  readonly primary: EnginePlace | undefined;
}

/** The settings file. It holds a password. */
export function settingsFile(start: RedisStart): string {
  const { folder, place, tls, parameters, administrator, primary } = start;
  const port = String(place.port);
  const lines: [string, ...string[]][] = [
    ['bind', place.host],
    ['port', tls ? '0' : port],
    ...(tls ? tlsLines(folder, port) : []),
    ['protected-mode', 'no'],
    ['dir', folder],
    // From `dir` on, for a socket's path may not be long.
    ['unixsocket', socketName],
    ['unixsocketperm', '700'],
    ['pidfile', `${folder}/${pidFileName}`],
    ['aclfile', `${folder}/${aclFileName}`],
    ['dbfilename', dataFileName],
    ['save', ''],
    ['appendonly', 'no'],
    ['daemonize', 'no'],
    ['enable-debug-command', 'no'],
    ['enable-module-command', 'no'],
    ['repl-diskless-sync-delay', '0'],
    ...Object.entries(parameters).filter(([name]) => passedOn.has(name)),
    ...(primary
      ? ([
          ['replicaof', primary.host, String(primary.port)],
          ['masteruser', administrator.user],
          ['masterauth', administrator.password],
        ] as [string, ...string[]][])
      : []),
  ];
  return lines.map(([name, ...values]) => `${name} ${values.map(quoted).join(' ')}\n`).join('');
}

export const pidFileName = 'redis.pid';
export const aclFileName = 'users.acl';
export const dataFileName = 'dump.rdb';
export const settingsFileName = 'redis.conf';
export const certificateNames = { cert: 'server.crt', key: 'server.key' } as const;

function tlsLines(folder: string, port: string): [string, ...string[]][] {
  return [
    ['tls-port', port],
    ['tls-cert-file', `${folder}/${certificateNames.cert}`],
    ['tls-key-file', `${folder}/${certificateNames.key}`],
    ['tls-auth-clients', 'no'],
  ];
}

/** As settings files quote: no value can end its line. */
function quoted(value: string): string {
  const escaped = value.replaceAll(/[^ -~]|["\\]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  return `"${escaped}"`;
}

/** What ElastiCache keeps from users, whatever their rules say: settings, users, replication, files, the server's end. */
const withheld =
  '-config -debug -module -shutdown -save -bgsave -bgrewriteaof -replicaof -slaveof -failover -migrate -sync -psync ' +
  '-replconf -cluster -latency -acl|setuser -acl|deluser -acl|load -acl|save -acl|list -acl|getuser';

/** The ACL file: hashes only. Our own user may do all; without users of its own the cache has the default one. */
export function aclFile(
  { users, authTokens }: Pick<CacheSettings, 'users' | 'authTokens'>,
  administrator: Login,
): string {
  const lines = users.map(userLine);
  if (users.length === 0) {
    const noPassword = authTokens.length === 0;
    const user = {
      name: 'default',
      enabled: true,
      access: 'on ~* &* +@all',
      passwords: authTokens,
      noPassword,
    };
    lines.push(userLine(user));
  } else if (!users.some(({ name }) => name === 'default')) {
    // A server makes one that may do all, when none is named.
    lines.push('user default reset off');
  }
  lines.push(`user ${administrator.user} on #${hashOf(administrator.password)} ~* &* +@all`);
  return lines.map((line) => `${line}\n`).join('');
}

function userLine({
  name,
  enabled,
  passwords,
  noPassword,
  access,
  byToken,
}: CacheSettings['users'][number]): string {
  if (byToken === true) {
    throw new Error('a cache server of the host cannot check IAM tokens; the embedded one can');
  }
  if (!/^[^\s"'#]+$/.test(name)) throw new Error('a cache server of the host takes no such name of a user');
  const user = new AclUser(name);
  user.apply(access);
  user.resetPasswords();
  for (const password of passwords) user.addPassword(password);
  user.enabled = enabled && user.enabled;
  user.noPassword = noPassword;
  return `${user.describe()} ${withheld}`;
}
