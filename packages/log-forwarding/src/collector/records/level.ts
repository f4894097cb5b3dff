// The level of a container's line, found in the order of the viaq model: a logfmt field, a klog header, a timestamp
// with a level, well known patterns by severity, the keyword that comes first, else `default`.
import { findLevelWords, isWordByte, levels, type LevelWords } from './level-words.ts';

/** Bytes that are looked at for headers and fields; what is searched for stands at the beginning. */
const headBytes = 200;

const klogHeader = /^\s*([IWEF])\d{4}\s\d\d:\d\d:\d\d\.\d+\s+\d+\s[^\]\n]+:\d+\]\s/;
const klogLevels: Readonly<Record<string, string>> = { I: 'info', W: 'warning', E: 'error', F: 'fatal' };
const stamped =
  /\d{4}-(?:0?[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]|\d)[T ]\d\d?:?\d\d(?::?\d\d(?:[.,:]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)? (alert|trace|debug|notice|info|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|emerg(?:ency)?)(?= )/i;
const logfmtLevel = /(?:^|\s)level=(?:"((?:[^"\\]|\\.)*)"|([^\s"=]+))(?=\s|$)/;

const structuredField = new RegExp(`(?:level=|Value:|"level":")(${levels.join('|')})`, 'g');
/** `"level":"` wants its closing quote, the others do not. */
const quotedField = /^"level":"/;
/** By severity: what a line begins with. */
const anchors: Readonly<Record<string, number>> = Object.fromEntries(
  ['EM', 'A', 'C', 'E', 'W', 'N', 'I', 'D', 'T'].map((letters, index) => [letters, index]),
);

const words: LevelWords = { earliest: -1, levelAt: -1, dateAt: -1, structured: false };

/** The level of the message in `bytes` from `start` to `end`. */
export function levelOf(bytes: Buffer, start: number, end: number): string {
  findLevelWords(bytes, start, end, words);
  const { earliest, levelAt, dateAt, structured } = words;
  if (levelAt >= 0) {
    const field = logfmtField(bytes, Math.max(start, levelAt - 1), end);
    if (field !== undefined) return field;
  }
  const header = klogLevel(bytes, start, end);
  if (header !== undefined) return header;
  if (dateAt >= 0) {
    const level = stampedLevel(bytes, Math.max(start, dateAt - 2), end);
    if (level !== undefined) return level;
  }
  const bySeverity = severest(bytes, { start, end, structured });
  if (bySeverity >= 0) return levels[bySeverity] as string;
  return levels[earliest] ?? 'default';
}

function logfmtField(bytes: Buffer, from: number, end: number): string | undefined {
  const equals = bytes.subarray(from, end).indexOf('level=');
  if (equals < 0) return undefined;
  const at = from + equals;
  const text = bytes.toString('utf8', Math.max(from, at - 1), Math.min(end, at + headBytes));
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

/** The severest level that a pattern tells; -1: none. */
function severest(
  bytes: Buffer,
  { start, end, structured }: { readonly start: number; readonly end: number; readonly structured: boolean },
): number {
  const anchor = anchorOf(bytes, start, end);
  if (!structured) return anchor;
  let least = anchor < 0 ? levels.length : anchor;
  const text = bytes.toString('latin1', start, end);
  for (const found of text.matchAll(structuredField)) {
    const [whole, level] = found;
    if (quotedField.test(whole) && text[found.index + whole.length] !== '"') continue;
    least = Math.min(least, (levels as readonly (string | undefined)[]).indexOf(level));
  }
  return least === levels.length ? -1 : least;
}

/** `E0920`, `W12`, `EM1`: letters and digits at the very beginning. */
function anchorOf(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  if (end - start < 2 || first < 0x41 || first > 0x57) return -1;
  const second = bytes[start + 1] ?? 0;
  if (isDigit(second)) return anchors[String.fromCharCode(first)] ?? -1;
  const head = bytes.toString('latin1', start, Math.min(end, start + 3));
  return /^EM\d/.test(head) ? 0 : -1;
}

function isDigit(byte: number): boolean {
  return isWordByte(byte) && byte <= 0x39;
}
