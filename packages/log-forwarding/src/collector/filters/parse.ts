// The filter `parse`: a message that is a JSON object becomes `structured`; any other stays `message`.
import { isRecord } from '@pergola/kernel';
import type { MutableRecord } from '../records/container-record.ts';

export function parseMessage(record: MutableRecord): boolean {
  const { message } = record;
  if (typeof message !== 'string' || !message.trimStart().startsWith('{')) return true;
  const parsed = parsedObject(message);
  if (!parsed) return true;
  delete record['message'];
  record['structured'] = parsed;
  return true;
}

function parsedObject(text: string): MutableRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as MutableRecord) : undefined;
  } catch {
    // Not JSON: the line stays as it was written.
    return undefined;
  }
}
