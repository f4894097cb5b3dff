// Answers to bytes, as strings of one byte a character.
import { formatFloat } from '../data/numbers.ts';
import {
  Double,
  Members,
  NO_ARRAY,
  Pairs,
  Push,
  RedisFault,
  type Reply,
  Several,
  Status,
  Verbatim,
} from './reply.ts';

export type RespVersion = 2 | 3;

const smallIntegers = Array.from({ length: 256 }, (_, value) => `:${value}\r\n`);

export function encodeReply(reply: Reply, version: RespVersion): string {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number') return smallIntegers[reply] ?? `:${reply}\r\n`;
  if (reply === null) return version === 3 ? '_\r\n' : '$-1\r\n';
  if (Array.isArray(reply)) return list('*', reply, version);
  if (reply instanceof Status) return `+${reply.text}\r\n`;
  return encodeRare(reply, version);
}

function encodeRare(reply: Reply, version: RespVersion): string {
  if (reply instanceof RedisFault) return `-${reply.message.replaceAll(/[\r\n]/g, ' ')}\r\n`;
  if (typeof reply === 'bigint') return `:${reply}\r\n`;
  if (typeof reply === 'boolean')
    return version === 3 ? `#${reply ? 't' : 'f'}\r\n` : `:${reply ? 1 : 0}\r\n`;
  if (reply === NO_ARRAY) return version === 3 ? '_\r\n' : '*-1\r\n';
  return encodeGrouped(reply, version);
}

function encodeGrouped(reply: Reply, version: RespVersion): string {
  if (reply instanceof Double) return encodeDouble(reply.value, version);
  if (reply instanceof Pairs) return encodePairs(reply, version);
  if (reply instanceof Members) return list(version === 3 ? '~' : '*', reply.members, version);
  if (reply instanceof Push) return list(version === 3 ? '>' : '*', reply.items, version);
  if (reply instanceof Several) return reply.replies.map((each) => encodeReply(each, version)).join('');
  if (reply instanceof Verbatim) return encodeVerbatim(reply, version);
  return list('*', reply as readonly Reply[], version);
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

function encodeDouble(value: number, version: RespVersion): string {
  return version === 3 ? `,${formatFloat(value)}\r\n` : bulk(formatFloat(value));
}

function encodeVerbatim({ text }: Verbatim, version: RespVersion): string {
  return version === 3 ? `=${text.length + 4}\r\ntxt:${text}\r\n` : bulk(text);
}

function encodePairs({ pairs }: Pairs, version: RespVersion): string {
  let out = version === 3 ? `%${pairs.length}\r\n` : `*${pairs.length * 2}\r\n`;
  for (const [key, value] of pairs) out += encodeReply(key, version) + encodeReply(value, version);
  return out;
}

function list(mark: string, items: readonly Reply[], version: RespVersion): string {
  let out = `${mark}${items.length}\r\n`;
  for (const item of items) out += encodeReply(item, version);
  return out;
}

const LONG_ITEMS = 4_096;
const PIECE_ITEMS = 1_024;

/** A long list in pieces, so that nobody has to wait until all of it is written; undefined when it is not long. */
export function piecesOf(reply: Reply, version: RespVersion): Iterable<string> | undefined {
  if (Array.isArray(reply)) return reply.length > LONG_ITEMS ? pieces('*', reply, version) : undefined;
  if (!(reply instanceof Members) || reply.members.length <= LONG_ITEMS) return undefined;
  return pieces(version === 3 ? '~' : '*', reply.members, version);
}

function* pieces(mark: string, items: readonly Reply[], version: RespVersion): Generator<string> {
  yield `${mark}${items.length}\r\n`;
  for (let at = 0; at < items.length; at += PIECE_ITEMS) {
    let out = '';
    for (const item of items.slice(at, at + PIECE_ITEMS)) out += encodeReply(item, version);
    yield out;
  }
}
