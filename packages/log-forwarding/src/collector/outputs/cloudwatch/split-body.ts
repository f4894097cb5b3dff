// Halves a body that CloudWatch refused as a whole, to find the event that it does not take.
import { isRecord } from '@pergola/kernel';
import { eventOverheadBytes } from './batch.ts';

export interface HalfBody {
  readonly body: Buffer;
  readonly events: number;
  readonly recordBytes: number;
}

/** The two halves of a body with at least two events. */
export function halvesOf(body: Buffer): [HalfBody, HalfBody] {
  const request: unknown = JSON.parse(body.toString('utf8'));
  const events = isRecord(request) && Array.isArray(request['logEvents']) ? request['logEvents'] : [];
  const middle = Math.ceil(events.length / 2);
  const half = (part: readonly unknown[]): HalfBody => ({
    body: Buffer.from(JSON.stringify({ ...(request as object), logEvents: part })),
    events: part.length,
    recordBytes: part.reduce<number>((sum, event) => sum + bytesOf(event), 0),
  });
  return [half(events.slice(0, middle)), half(events.slice(middle))];
}

function bytesOf(event: unknown): number {
  const message = isRecord(event) ? event['message'] : '';
  return Buffer.byteLength(String(message)) + eventOverheadBytes;
}
