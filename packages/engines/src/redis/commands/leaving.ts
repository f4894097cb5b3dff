// Taking a session out of all the channels that it listens to.
import type { Session } from '../session.ts';

export function leaveChannels(session: Session): void {
  const { pubSub } = session.node;
  for (const name of session.channels) pubSub.unsubscribe(session, name);
  for (const name of session.patterns) pubSub.unsubscribePattern(session, name);
  for (const name of session.shardChannels) pubSub.unsubscribeShard(session, name);
  session.channels.clear();
  session.patterns.clear();
  session.shardChannels.clear();
}
