// The two forms of time in signatures: `20130524T000000Z` everywhere, RFC 1123 in a plain Date header.

const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Milliseconds since the epoch of `YYYYMMDDTHHMMSSZ`, or undefined when it is not one. */
export function parseAmzDate(text: string): number | undefined {
  const match = BASIC.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const ms = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return renderAmzDate(ms) === text ? ms : undefined;
}

/** `YYYYMMDDTHHMMSSZ` of an instant in milliseconds. */
export function renderAmzDate(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}
