// Dates as conditions write them: ISO 8601 (the W3C profile) or seconds since the epoch.

const iso =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2}))?)?)?$/i;
const epochSeconds = /^-?\d{1,13}(?:\.\d+)?$/;

/** Milliseconds since the epoch, or undefined when `text` is no date. Four digits are a year. */
export function parseInstant(text: string): number | undefined {
  const match = iso.exec(text);
  if (!match) return epochSeconds.test(text) ? Number(text) * 1000 : undefined;
  const midnight = midnightMs(match.slice(1, 4));
  const [hour = 0, minute = 0, second = 0] = match.slice(4, 7).map((digits) => Number(digits ?? 0));
  if (midnight === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  const millis = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millis - offsetMs(match[8] ?? 'Z');
}

function midnightMs(fields: readonly (string | undefined)[]): number | undefined {
  const [year = 0, month = 1, day = 1] = fields.map((digits) => Number(digits ?? 1));
  const date = new Date(Date.UTC(year, month - 1, day));
  // Date.UTC rolls 31 February over into March; such a date is none.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function offsetMs(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
