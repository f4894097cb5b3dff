// The level of a container's line, found in the order of the viaq model: a logfmt field, a klog header, a timestamp
// with a level, well known fields by severity, the keyword that comes first, else `default`.
import { findLevelWords, levels, type LevelWords } from './level-words.ts';

/** Bytes that are looked at for headers and fields; what is searched for stands at the beginning. */
const headBytes = 200;

const klogHeader = /^\s*([IWEF])\d{4}\s\d\d:\d\d:\d\d\.\d+\s+\d+\s[^\]\n]+:\d+\]\s/;
const klogLevels: Readonly<Record<string, string>> = { I: 'info', W: 'warning', E: 'error', F: 'fatal' };
const stamped =
  /\d{4}-(?:0?[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]|\d)[T ]\d\d?:?\d\d(?::?\d\d(?:[.,:]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)? (alert|trace|debug|notice|info|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|emerg(?:ency)?)(?= )/i;
const logfmtLevel = /(?:^|\s)level=(?:"((?:[^"\\]|\\.)*)"|([^\s"=]+))(?=\s|$)/;
/** By severity: what a line begins with. */
const anchors: Readonly<Record<string, number>> = { A: 1, C: 2, E: 3, W: 4, N: 5, I: 6, D: 7, T: 8 };

const words: LevelWords = { earliest: -1, logfmtAt: -1, dateAt: -1, severest: -1 };

/** The level of the message in `bytes` from `start` to `end`. */
export function levelOf(bytes: Buffer, start: number, end: number): string {
  findLevelWords(bytes, start, end, words);
  const { earliest, logfmtAt, dateAt } = words;
  const field = logfmtAt < 0 ? undefined : logfmtField(bytes, { start, end, at: logfmtAt });
  if (field !== undefined) return field;
  const header = klogLevel(bytes, start, end);
  if (header !== undefined) return header;
  const stamp = dateAt < 0 ? undefined : stampedLevel(bytes, Math.max(start, dateAt - 2), end);
  if (stamp !== undefined) return stamp;
  const anchor = anchorOf(bytes, start, end);
  const { severest } = words;
  const known = anchor < 0 || (severest >= 0 && severest < anchor) ? severest : anchor;
  return levels[known < 0 ? earliest : known] ?? 'default';
}

function logfmtField(
  bytes: Buffer,
  { start, end, at }: { readonly start: number; readonly end: number; readonly at: number },
): string | undefined {
  const text = bytes.toString('utf8', Math.max(start, at - 1), Math.min(end, at + headBytes));
  const found = logfmtLevel.exec(text);
  return found ? (found[1] ?? found[2] ?? '').toLowerCase() : undefined;
}

function klogLevel(bytes: Buffer, start: number, end: number): string | undefined {
  const first = bytes[start] ?? 0;
  const mayBeHeader = (first >= 0x41 && first <= 0x57) || first === 0x20 || first === 0x09;
  if (!mayBeHeader) return undefined;
  const found = klogHeader.exec(bytes.toString('latin1', start, Math.min(end, start + headBytes)));
  return found ? klogLevels[found[1] ?? ''] : undefined;
}

function stampedLevel(bytes: Buffer, from: number, end: number): string | undefined {
  const found = stamped.exec(bytes.toString('latin1', from, Math.min(end, from + headBytes)));
  return found?.[1]?.toLowerCase();
}

/** `E0920`, `W12`, `EM1`: letters and digits at the very beginning. -1: none. */
function anchorOf(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  if (end - start < 2 || first < 0x41 || first > 0x57) return -1;
  if (isDigit(bytes[start + 1] ?? 0)) return anchors[String.fromCharCode(first)] ?? -1;
  const head = bytes.toString('latin1', start, Math.min(end, start + 3));
  return /^EM\d/.test(head) ? 0 : -1;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
