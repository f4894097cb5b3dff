// Publish and subscribe: https://redis.io/docs/latest/commands/?group=pubsub
import { command, type Command, container } from '../command.ts';
import { globMatcher } from '../data/glob.ts';
import { Push, RedisFault, type Reply, Several } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const listen = { topic: 'pubsub', flags: 'quiet' } as const;

type List = 'channels' | 'patterns' | 'shardChannels';

function assertChannels({ user }: Session, names: readonly string[], isPattern: boolean): void {
  if (names.every((name) => user?.mayUseChannel(name, isPattern))) return;
  throw new RedisFault('NOPERM No permissions to access a channel');
}

function countOf(session: Session, list: List): number {
  return list === 'shardChannels'
    ? session.shardChannels.size
    : session.channels.size + session.patterns.size;
}

function subscribing(name: string, list: List, subscribe: (session: Session, name: string) => void): Command {
  return command(name, -2, listen, (session, names): Reply => {
    assertChannels(session, names, list === 'patterns');
    const replies = names.map((each) => {
      session[list].add(each);
      subscribe(session, each);
      return new Push([name, each, countOf(session, list)]);
    });
    return new Several(replies);
  });
}

function unsubscribing(
  name: string,
  list: List,
  unsubscribe: (session: Session, name: string) => void,
): Command {
  return command(name, -1, listen, (session, names): Reply => {
    const gone = names.length > 0 ? names : [...session[list]];
    const replies = gone.map((each) => {
      if (session[list].delete(each)) unsubscribe(session, each);
      return new Push([name, each, countOf(session, list)]);
    });
    return new Several(replies.length > 0 ? replies : [new Push([name, null, countOf(session, list)])]);
  });
}

function deliver(session: Session, channel: string, message: string, pattern?: string): void {
  session.push(
    new Push(pattern === undefined ? ['message', channel, message] : ['pmessage', pattern, channel, message]),
  );
}

function publish(session: Session, [channel = '', message = '']: string[]): Reply {
  assertChannels(session, [channel], false);
  return session.node.pubSub.publish(channel, message, deliver);
}

function publishShard(session: Session, [channel = '', message = '']: string[]): Reply {
  assertChannels(session, [channel], false);
  return session.node.pubSub.publishShard(channel, message, (listener) => {
    listener.push(new Push(['smessage', channel, message]));
  });
}

function channelsLike(kind: 'channel' | 'shard') {
  return ({ node }: Session, [, pattern = '*']: string[]): Reply =>
    node.pubSub.channels(kind).filter(globMatcher(pattern));
}

function listeners(kind: 'channel' | 'shard') {
  return ({ node }: Session, [, ...channels]: string[]): Reply =>
    channels.flatMap((channel) => [channel, node.pubSub.listenersOf(kind, channel)]);
}

export const publishingCommands: readonly Command[] = [
  subscribing('subscribe', 'channels', (session, name) => session.node.pubSub.subscribe(session, name)),
  subscribing('psubscribe', 'patterns', (session, name) =>
    session.node.pubSub.subscribePattern(session, name),
  ),
  subscribing('ssubscribe', 'shardChannels', (session, name) =>
    session.node.pubSub.subscribeShard(session, name),
  ),
  unsubscribing('unsubscribe', 'channels', (session, name) => session.node.pubSub.unsubscribe(session, name)),
  unsubscribing('punsubscribe', 'patterns', (session, name) =>
    session.node.pubSub.unsubscribePattern(session, name),
  ),
  unsubscribing('sunsubscribe', 'shardChannels', (session, name) =>
    session.node.pubSub.unsubscribeShard(session, name),
  ),
  command('publish', 3, { topic: 'pubsub', flags: 'fast' }, publish),
  command('spublish', 3, { topic: 'pubsub', flags: 'fast', keys: [0, 0, 1] }, publishShard),
  container('pubsub', { topic: 'pubsub' }, [
    command('pubsub|channels', -2, { topic: 'pubsub' }, channelsLike('channel')),
    command('pubsub|shardchannels', -2, { topic: 'pubsub' }, channelsLike('shard')),
    command('pubsub|numsub', -2, { topic: 'pubsub' }, listeners('channel')),
    command('pubsub|shardnumsub', -2, { topic: 'pubsub' }, listeners('shard')),
    command('pubsub|numpat', 2, { topic: 'pubsub' }, ({ node }) => node.pubSub.patternCount),
  ]),
];
