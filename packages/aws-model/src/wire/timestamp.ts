// Instants as the protocols write them.
import type { TimestampFormat } from '../shape.ts';

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

// The three forms of RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 …`, `Sun Nov  6 08:49:37 1994`.
const httpDate =
  /^[a-z]{3,9},? +(\d{1,2}[ -][a-z]{3}[ -]\d{2,4} +\d\d:\d\d:\d\d|[a-z]{3} +\d{1,2} +\d\d:\d\d:\d\d +\d{4})( +(gmt|utc))?$/i;

/** Reads a timestamp; undefined when it is not one. AWS takes more than it writes: seconds in any place, any offset. */
export function parseTimestamp(text: string, format: TimestampFormat): Date | undefined {
  if (/^-?\d+(\.\d+)?(e\+?\d+)?$/i.test(text)) return validDate(new Date(Math.round(Number(text) * 1000)));
  if (format === 'http-date' && httpDate.test(text)) return validDate(new Date(text));
  const match = dateTime.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  return validDate(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`));
}

/** `2026-01-02T03:04:05Z`, with milliseconds only when there are some, as awsQuery and S3 headers have it. */
export function renderDateTime(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

export function renderTimestamp(date: Date, format: TimestampFormat): string {
  switch (format) {
    case 'date-time':
      return renderDateTime(date);
    case 'http-date':
      return date.toUTCString();
    case 'epoch-seconds':
      return String(date.getTime() / 1000);
  }
}

function validDate(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}
