// Ages as kubectl shows them. Follows k8s.io/apimachinery/pkg/util/duration.

/** `45s`, `4m10s`, `12m`, `3h5m`, `30h`, `2d4h`, `90d`, `3y20d`. Two seconds of clock skew count as now. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return join(minutes, 'm', [seconds % 60, 's']);
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return join(hours, 'h', [minutes % 60, 'm']);
  return hours < 48 ? `${hours}h` : humanDays(hours);
}

function humanDays(hours: number): string {
  const days = Math.floor(hours / 24);
  if (days < 8) return join(days, 'd', [hours % 24, 'h']);
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? join(years, 'y', [days % 365, 'd']) : `${years}y`;
}

function join(amount: number, unit: string, [rest, restUnit]: readonly [number, string]): string {
  return rest === 0 ? `${amount}${unit}` : `${amount}${unit}${rest}${restUnit}`;
}

/** The age of an RFC 3339 instant; `<unknown>` when there is none. */
export function humanAge(instant: unknown, nowMs: number): string {
  if (typeof instant !== 'string' || instant === '') return '<unknown>';
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? '<invalid>' : humanDuration(nowMs - ms);
}
