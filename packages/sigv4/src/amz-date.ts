// The two forms of time in signatures: `20130524T000000Z` everywhere, RFC 1123 in a plain Date header.

const BASIC = /^\d{8}T\d{6}Z$/;

/** Milliseconds since the epoch of `YYYYMMDDTHHMMSSZ`, or undefined when it is not one. */
export function parseAmzDate(text: string): number | undefined {
  if (!BASIC.test(text)) return undefined;
  const number = (from: number, to: number) => Number(text.slice(from, to));
  const [year, month, day] = [number(0, 4), number(4, 6), number(6, 8)];
  const [hour, minute, second] = [number(9, 11), number(11, 13), number(13, 15)];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // What is out of range has been carried over: the 31st of June would be the 1st of July.
  const date = new Date(ms);
  const isDay =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && hour < 24 && minute < 60 && second < 60 ? ms : undefined;
}

/** `YYYYMMDDTHHMMSSZ` of an instant in milliseconds. */
export function renderAmzDate(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}
