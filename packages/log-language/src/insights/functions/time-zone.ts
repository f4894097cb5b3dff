// Time zones: `UTC`, `+05:30`, `Europe/Berlin`.

export interface TimeZone {
  readonly name: string;
  /** Milliseconds to add to UTC to get what clocks show at `ms`. */
  offsetMs(ms: number): number;
}

export const utc: TimeZone = { name: 'UTC', offsetMs: () => 0 };

/** Undefined when there is no such zone. */
export function timeZone(name: string): TimeZone | undefined {
  if (/^(?:UTC|GMT|Z)$/i.test(name)) return utc;
  const [, sign, hours, minutes = '0'] = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(name) ?? [];
  if (hours !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
    return { name, offsetMs: () => offset };
  }
  try {
    return region(name);
  } catch {
    // The runtime knows no such zone.
    return undefined;
  }
}

function region(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetMs = (ms: number) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    return local - Math.floor(ms / 1000) * 1000;
  };
  return { name, offsetMs };
}

/** The instant at which clocks of `zone` show `localMs`, which is told as if it were UTC. */
export function fromLocal(zone: TimeZone, localMs: number): number {
  const guess = localMs - zone.offsetMs(localMs);
  return localMs - zone.offsetMs(guess);
}
