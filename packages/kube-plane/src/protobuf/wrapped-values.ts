// Messages whose JSON is not an object of their fields: times, quantities, JSON inside bytes.
import { metaPackage } from '../schema/definition-name.ts';
import { flatText, readFlat, WireError } from './wire-reader.ts';

/** Turns the bytes of such a message into its JSON value; undefined means the field is left out. */
export type WrappedDecoder = (bytes: Uint8Array) => unknown;

const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

export const wrappedDecoders: Readonly<Record<string, WrappedDecoder>> = {
  [`${metaPackage}.Time`]: decodeTime,
  [`${metaPackage}.MicroTime`]: decodeMicroTime,
  [`${metaPackage}.Duration`]: (bytes) => renderGoDuration(readFlat(bytes).integers.get(1) ?? 0),
  [`${metaPackage}.FieldsV1`]: decodeRawJson,
  'io.k8s.apimachinery.pkg.runtime.RawExtension': decodeRawJson,
  'io.k8s.apimachinery.pkg.api.resource.Quantity': (bytes) => flatText(bytes, 1) || '0',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': decodeIntOrString,
  [`${apiextensions}.JSON`]: decodeRawJson,
};

/** Instants of Go's time.Time from year 1 to 9999, which is what its JSON can express. */
function instantOf(bytes: Uint8Array): { date: Date; micros: number } | undefined {
  const { integers } = readFlat(bytes);
  const seconds = integers.get(1) ?? 0;
  const nanos = integers.get(2) ?? 0;
  if (seconds === 0 && nanos === 0) return undefined;
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1) {
    throw new WireError('Time.MarshalJSON: year outside of range [0,9999]');
  }
  return { date, micros: Math.floor(nanos / 1000) };
}

/** RFC 3339 in UTC with seconds. */
function decodeTime(bytes: Uint8Array): string | undefined {
  return instantOf(bytes)
    ?.date.toISOString()
    .replace(/\.\d+Z$/, 'Z');
}

/** RFC 3339 in UTC with microseconds. */
function decodeMicroTime(bytes: Uint8Array): string | undefined {
  const instant = instantOf(bytes);
  const fraction = String(instant?.micros ?? 0).padStart(6, '0');
  return instant?.date.toISOString().replace(/\.\d+Z$/, `.${fraction}Z`);
}

function decodeIntOrString(bytes: Uint8Array): unknown {
  const isText = readFlat(bytes).integers.get(1) === 1;
  return isText ? flatText(bytes, 3) : (readFlat(bytes).integers.get(2) ?? 0);
}

function decodeRawJson(bytes: Uint8Array): unknown {
  const raw = flatText(bytes, 1);
  if (raw === '' || raw === 'null') return undefined;
  try {
    return JSON.parse(raw) as unknown;
  } catch (error) {
    throw new WireError(error instanceof Error ? error.message : 'invalid JSON');
  }
}

/** A duration in nanoseconds as Go prints it: `1h0m0s`, `1.5s`, `300ms`. */
function renderGoDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const total = Math.abs(nanoseconds);
  const units = [
    ['ns', 1],
    ['µs', 1e3],
    ['ms', 1e6],
  ] as const;
  for (const [index, [unit, size]] of units.entries()) {
    if (total < (units[index + 1]?.[1] ?? 1e9)) return `${sign}${total / size}${unit}`;
  }
  const hours = Math.floor(total / 3600e9);
  const minutes = Math.floor((total % 3600e9) / 60e9);
  const seconds = `${(total % 60e9) / 1e9}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}
