// Taking over what another consumer has not acknowledged, and looking into groups.
import { command, type Command, container } from '../command.ts';
import { countOf, integerOf } from '../data/numbers.ts';
import {
  compareIds,
  type ConsumerGroup,
  FIRST_ID,
  formatId,
  type PendingEntry,
  type StreamId,
  streamIdOf,
  type StreamValue,
} from '../data/stream.ts';
import { faults, Pairs, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { consumerOf, findGroup, pendingInOrder } from './stream-groups.ts';
import { entryReply, rangeEnd } from './streams.ts';

const write = { topic: 'stream', flags: 'write fast', keys: [0, 0, 1] } as const;
const look = { topic: 'stream', flags: 'readonly', keys: [1, 1, 1] } as const;

interface ClaimOptions {
  idleMs: number;
  count: number | undefined;
  force: boolean;
  justId: boolean;
}

function claimOptions(words: readonly string[], nowMs: number): ClaimOptions {
  const options: ClaimOptions = { idleMs: 0, count: undefined, force: false, justId: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]?.toLowerCase();
    if (word === 'idle') options.idleMs = integerOf(words[++at]);
    else if (word === 'time') options.idleMs = nowMs - integerOf(words[++at]);
    else if (word === 'retrycount') options.count = integerOf(words[++at]);
    else if (word === 'force') options.force = true;
    else if (word === 'justid') options.justId = true;
    else if (word === 'lastid') streamIdOf(words[++at] ?? '', 0);
    else throw faults.error(`Unrecognized XCLAIM option '${words[at] ?? ''}'`);
  }
  return options;
}

function claim(session: Session, [key = '', name = '', consumer = '', idle, ...rest]: string[]): Reply {
  const minIdle = countOf(idle, 'Invalid min-idle-time argument for XCLAIM');
  const split = rest.findIndex((word) => !/^\d+(-\d+)?$/.test(word));
  const ids = (split < 0 ? rest : rest.slice(0, split)).map((id) => streamIdOf(id, 0));
  const nowMs = session.space.nowMs();
  const options = claimOptions(split < 0 ? [] : rest.slice(split), nowMs);
  const [stream, group] = findGroup(session, key, name);
  consumerOf(group, consumer, nowMs).activeMs = nowMs;
  const answers = ids.flatMap(
    (id) => claimOne({ stream, group }, id, { ...options, consumer, minIdle, nowMs }) ?? [],
  );
  session.space.changed(key);
  return answers;
}

interface Claim extends ClaimOptions {
  readonly consumer: string;
  readonly minIdle: number;
  readonly nowMs: number;
}

/** In an array of one, for an entry is an array itself. */
function claimOne(
  { stream, group }: { readonly stream: StreamValue; readonly group: ConsumerGroup },
  id: StreamId,
  claim: Claim,
): Reply[] | undefined {
  const text = formatId(id);
  const known = group.pending.get(text);
  const entry = stream.find(id);
  if (!entry) {
    group.pending.delete(text);
    return undefined;
  }
  if (known ? claim.nowMs - known.deliveredMs < claim.minIdle : !claim.force) return undefined;
  const count = claim.count ?? (known?.count ?? 0) + (claim.justId ? 0 : 1);
  group.pending.set(text, { id, consumer: claim.consumer, deliveredMs: claim.nowMs - claim.idleMs, count });
  return [claim.justId ? text : entryReply(entry)];
}

function claimIdle(
  session: Session,
  [key = '', name = '', consumer = '', idle, from, ...rest]: string[],
): Reply {
  const minIdle = countOf(idle, 'Invalid min-idle-time argument for XAUTOCLAIM');
  const words = rest.map((word) => word.toLowerCase());
  const at = words.indexOf('count');
  const count = at < 0 ? 100 : integerOf(rest[at + 1]);
  if (count < 1) throw faults.error('COUNT must be > 0');
  const start = rangeEnd(from, false);
  const nowMs = session.space.nowMs();
  const [stream, group] = findGroup(session, key, name);
  consumerOf(group, consumer, nowMs).activeMs = nowMs;
  const ready = pendingInOrder(group).filter(
    (entry) => compareIds(entry.id, start) >= 0 && nowMs - entry.deliveredMs >= minIdle,
  );
  const taken = ready.slice(0, count);
  const { claimed, gone } = takeOver({ stream, group }, taken, {
    consumer,
    nowMs,
    justId: words.includes('justid'),
  });
  session.space.changed(key);
  return [formatId(ready[count]?.id ?? FIRST_ID), claimed, gone];
}

function takeOver(
  { stream, group }: { readonly stream: StreamValue; readonly group: ConsumerGroup },
  taken: readonly PendingEntry[],
  by: { readonly consumer: string; readonly nowMs: number; readonly justId: boolean },
): { readonly claimed: Reply[]; readonly gone: Reply[] } {
  const [claimed, gone]: [Reply[], Reply[]] = [[], []];
  for (const entry of taken) {
    const found = stream.find(entry.id);
    if (!found) {
      group.pending.delete(formatId(entry.id));
      gone.push(formatId(entry.id));
      continue;
    }
    entry.consumer = by.consumer;
    entry.deliveredMs = by.nowMs;
    if (!by.justId) entry.count++;
    claimed.push(by.justId ? formatId(entry.id) : entryReply(found));
  }
  return { claimed, gone };
}

function streamFacts({ space }: Session, [, key = '', ...options]: string[]): Reply {
  if (options.length > 0) throw faults.error('XINFO STREAM FULL is not implemented');
  const stream = space.stream(key);
  if (!stream) throw faults.noSuchKey();
  return new Pairs([
    ['length', stream.size],
    ['radix-tree-keys', 1],
    ['radix-tree-nodes', 2],
    ['last-generated-id', formatId(stream.lastId)],
    ['max-deleted-entry-id', formatId(stream.maxDeletedId)],
    ['entries-added', stream.entriesAdded],
    ['recorded-first-entry-id', formatId(stream.first?.id ?? FIRST_ID)],
    ['groups', stream.groups.size],
    ['first-entry', stream.first ? entryReply(stream.first) : null],
    ['last-entry', stream.last ? entryReply(stream.last) : null],
  ]);
}

function groupFacts({ space }: Session, [, key = '']: string[]): Reply {
  const stream = space.stream(key);
  if (!stream) throw faults.noSuchKey();
  return [...stream.groups.values()].map(
    (group) =>
      new Pairs([
        ['name', group.name],
        ['consumers', group.consumers.size],
        ['pending', group.pending.size],
        ['last-delivered-id', formatId(group.lastId)],
        ['entries-read', group.entriesRead],
        ['lag', group.entriesRead === null ? null : Math.max(0, stream.entriesAdded - group.entriesRead)],
      ]),
  );
}

function consumerFacts(session: Session, [, key = '', name = '']: string[]): Reply {
  if (!session.space.stream(key)) throw faults.noSuchKey();
  const [, group] = findGroup(session, key, name);
  const nowMs = session.space.nowMs();
  return [...group.consumers.values()].map(
    (consumer) =>
      new Pairs([
        ['name', consumer.name],
        ['pending', [...group.pending.values()].filter((entry) => entry.consumer === consumer.name).length],
        ['idle', nowMs - consumer.seenMs],
        ['inactive', consumer.activeMs < 0 ? -1 : nowMs - consumer.activeMs],
      ]),
  );
}

export const streamClaimCommands: readonly Command[] = [
  command('xclaim', -6, write, claim),
  command('xautoclaim', -6, write, claimIdle),
  container('xinfo', { topic: 'stream' }, [
    command('xinfo|stream', -3, look, streamFacts),
    command('xinfo|groups', 3, look, groupFacts),
    command('xinfo|consumers', 4, look, consumerFacts),
  ]),
];
