// @ptr: where an event is, opaque to clients. GetLogRecord takes it back.

export interface EventPlace {
  /** 12 digits. */
  readonly account: string;
  /** Name of the log group. */
  readonly group: string;
  /** Of the event within its group. */
  readonly sequence: number;
}

/** The event's place as one word of letters, digits, `-` and `_`. */
export function encodePointer({ account, group, sequence }: EventPlace): string {
  return Buffer.from(`${account}:${group}:${sequence}`).toString('base64url');
}

/** The place that `encodePointer` wrote down; undefined for any other text. */
export function decodePointer(pointer: string): EventPlace | undefined {
  if (!/^[\w-]+$/.test(pointer)) return undefined;
  const text = Buffer.from(pointer, 'base64url').toString();
  const [, account, group, digits] = /^(\d{12}):([^:]+):(\d{1,16})$/.exec(text) ?? [];
  if (account === undefined || group === undefined) return undefined;
  const sequence = Number(digits);
  return Number.isSafeInteger(sequence) ? { account, group, sequence } : undefined;
}
