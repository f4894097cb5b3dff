// What a client says of itself: https://redis.io/docs/latest/commands/?group=connection
import { type Answer } from '../answer.ts';
import { command, type Command, container } from '../command.ts';
import { integerOf } from '../data/numbers.ts';
import { faults, OK, Pairs, PONG, Push, RedisFault, type Reply, Status, Verbatim } from '../resp/reply.ts';
import { forgetWatched, type Session } from '../session.ts';
import { databaseOf } from './keys.ts';
import { leaveChannels } from './leaving.ts';

const topic = 'connection' as const;
const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

function login(session: Session, name: string, password: string, answer: () => Reply): Answer {
  const found = session.node.acl.login(name, password);
  const finish = (user: Session['user']): Reply => {
    if (!user) {
      session.node.acl.note({ reason: 'auth', object: 'AUTH', user: name, atMs: session.node.clock.nowMs() });
      throw new RedisFault(WRONG_PASSWORD);
    }
    session.user = user;
    return answer();
  };
  return found instanceof Promise ? found.then(finish) : finish(found);
}

function auth(session: Session, args: string[]): Answer {
  const [first = '', second, extra] = args;
  if (extra !== undefined) throw faults.syntax();
  const { acl } = session.node;
  if (second === undefined && acl.find('default')?.noPassword === true) {
    throw faults.error(
      'AUTH <password> called without any password configured for the default user. Are you sure your configuration ' +
        'is correct?',
    );
  }
  const [name, password] = second === undefined ? ['default', first] : [first, second];
  return login(session, name, password, () => OK);
}

function greeting(session: Session): Reply {
  const { node } = session;
  return new Pairs([
    ['server', node.engine],
    ['version', node.version],
    ['proto', session.version],
    ['id', session.id],
    ['mode', node.cluster ? 'cluster' : 'standalone'],
    ['role', node.isReplica ? 'replica' : 'master'],
    ['modules', []],
  ]);
}

function hello(session: Session, [version, ...options]: string[]): Answer {
  if (version !== undefined) assertVersion(version);
  const { credentials, name } = helloOptions(options);
  const finish = () => {
    if (!session.user) throw helloWithoutAuth();
    if (name !== undefined) session.name = name;
    if (version !== undefined) session.version = version === '3' ? 3 : 2;
    return greeting(session);
  };
  return credentials ? login(session, ...credentials, finish) : finish();
}

function assertVersion(version: string): void {
  if (!/^-?\d+$/.test(version)) throw faults.error('Protocol version is not an integer or out of range');
  if (version !== '2' && version !== '3') throw new RedisFault('NOPROTO unsupported protocol version');
}

interface HelloOptions {
  readonly credentials?: readonly [string, string];
  readonly name?: string;
}

function helloOptions([word, ...rest]: readonly string[]): HelloOptions {
  if (word === undefined) return {};
  const [first = '', second = ''] = rest;
  if (word.toLowerCase() === 'auth' && rest.length >= 2) {
    return { ...helloOptions(rest.slice(2)), credentials: [first, second] };
  }
  if (word.toLowerCase() === 'setname' && rest.length > 0) {
    return { ...helloOptions(rest.slice(1)), name: nameOf(first) };
  }
  throw faults.error(`Syntax error in HELLO option '${word}'`);
}

function helloWithoutAuth(): RedisFault {
  return new RedisFault(
    'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> ' +
      '<pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
  );
}

function nameOf(text = ''): string {
  if (/^[!-~]*$/.test(text)) return text;
  throw faults.error('Client names cannot contain spaces, newlines or special characters.');
}

function select(session: Session, [index]: string[]): Reply {
  if (session.node.cluster && index !== '0') throw faults.error('SELECT is not allowed in cluster mode');
  session.space = databaseOf(session, index);
  return OK;
}

function ping(session: Session, [text, extra]: string[]): Reply {
  if (extra !== undefined) throw faults.arity('ping');
  const isListening = session.channels.size + session.patterns.size > 0;
  if (isListening && session.version === 2) return new Push(['pong', text ?? '']);
  return text ?? PONG;
}

function reset(session: Session): Reply {
  session.transaction = undefined;
  forgetWatched(session);
  leaveChannels(session);
  Object.assign(session, { version: 2, name: '', replies: 'on', readsReplica: false });
  session.space = session.dataset.space(0);
  session.user = session.node.acl.stranger;
  return new Status('RESET');
}

function lineOf(session: Session): string {
  const nowMs = session.node.clock.nowMs();
  const facts = {
    id: session.id,
    addr: session.address,
    laddr: session.localAddress,
    name: session.name,
    age: Math.floor((nowMs - session.openedMs) / 1000),
    idle: Math.floor((nowMs - session.usedMs) / 1000),
    flags: session.isBlocked ? 'b' : session.channels.size + session.patterns.size > 0 ? 'P' : 'N',
    db: session.space.index,
    sub: session.channels.size,
    psub: session.patterns.size,
    ssub: session.shardChannels.size,
    multi: session.transaction?.calls.length ?? -1,
    watch: session.watched.size,
    cmd: session.lastCommand || 'NULL',
    user: session.user?.name ?? '(superuser)',
    'lib-name': session.libraryName,
    'lib-ver': session.libraryVersion,
    resp: session.version,
  };
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

function list(session: Session, [, word, ...ids]: string[]): Reply {
  const option = word?.toLowerCase();
  if (option !== undefined && option !== 'id' && option !== 'type') throw faults.syntax();
  const all = [...session.node.sessions()].filter((each) => option !== 'id' || ids.includes(String(each.id)));
  return new Verbatim(all.map((each) => `${lineOf(each)}\n`).join(''));
}

function setInfo(session: Session, [, attribute = '', value = '']: string[]): Reply {
  const word = attribute.toLowerCase();
  if (!/^[!-~]*$/.test(value))
    throw faults.error(`${attribute} cannot contain spaces, newlines or special characters.`);
  if (word === 'lib-name') session.libraryName = value;
  else if (word === 'lib-ver') session.libraryVersion = value;
  else throw faults.error(`Unrecognized option '${attribute}'`);
  return OK;
}

function reply(session: Session, [, mode = '']: string[]): Reply {
  const word = mode.toLowerCase();
  if (word === 'on') session.replies = 'on';
  else if (word === 'off') session.replies = 'off';
  else if (word === 'skip') session.replies = session.replies === 'off' ? 'off' : 'skip-next';
  else throw faults.syntax();
  return OK;
}

function kill(session: Session, [, ...args]: string[]): Reply {
  const sessions = [...session.node.sessions()];
  if (args.length === 1) {
    const found = sessions.find(({ address }) => address === args[0]);
    if (!found) throw faults.error('No such client');
    found.close();
    return OK;
  }
  let chosen = sessions;
  let sparesSelf = true;
  for (let at = 0; at < args.length; at += 2) {
    const [word, value = ''] = [args[at]?.toLowerCase(), args[at + 1]];
    if (word === 'id') chosen = chosen.filter(({ id }) => id === integerOf(value));
    else if (word === 'addr') chosen = chosen.filter(({ address }) => address === value);
    else if (word === 'user') chosen = chosen.filter(({ user }) => user?.name === value);
    else if (word === 'skipme') sparesSelf = value.toLowerCase() === 'yes';
    else throw faults.syntax();
  }
  const killed = chosen.filter((each) => !sparesSelf || each !== session);
  for (const each of killed) each.close();
  return killed.length;
}

function unblock(session: Session, [, id, how = 'timeout']: string[]): Reply {
  const wanted = integerOf(id);
  const found = [...session.node.sessions()].find((each) => each.id === wanted);
  return found?.unblock(how.toLowerCase() === 'error') === true ? 1 : 0;
}

const client = (name: string, arity: number, run: Command['run'], flags = '') =>
  command(`client|${name}`, arity, flags ? { topic, flags } : { topic }, run);

export const connectionCommands: readonly Command[] = [
  command('auth', -2, { topic, flags: 'fast open early' }, auth),
  command('hello', -1, { topic, flags: 'fast open early' }, hello),
  command('ping', -1, { topic, flags: 'fast quiet' }, ping),
  command('echo', 2, { topic, flags: 'fast' }, (_, [text = '']) => text),
  command('select', 2, { topic, flags: 'fast' }, select),
  command('quit', -1, { topic, flags: 'fast open early quiet' }, (session) => {
    session.close();
    return OK;
  }),
  command('reset', 1, { topic, flags: 'fast open early quiet' }, reset),
  container('client', { topic }, [
    client('id', 2, ({ id }) => id),
    client('getname', 2, ({ name }) => name || null),
    client('setname', 3, (session, [, name]) => {
      session.name = nameOf(name);
      return OK;
    }),
    client('setinfo', 4, setInfo),
    client('info', 2, (session) => new Verbatim(`${lineOf(session)}\n`)),
    client('list', -2, list, 'admin dangerous'),
    client('kill', -3, kill, 'admin dangerous'),
    client('unblock', -3, unblock, 'admin dangerous'),
    client('reply', 3, reply),
    client('no-evict', 3, () => OK, 'admin dangerous'),
    client('no-touch', 3, () => OK),
  ]),
];
