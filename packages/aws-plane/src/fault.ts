// An error answer that the real API would give. Thrown anywhere below the encode stage, serialised only there.
import type { Json } from '@pergola/kernel';

/** A fault as a catalogue row makes it. `code` is the wire code, not the shape's name. */
export class AwsFault extends Error {
  override readonly name = 'AwsFault';
  readonly code: string;
  readonly status: number;
  /** Members beside Code and Message, e.g. `{BucketName}` or `{Resource}`. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** A fault that says something in headers too. */
export class HeadedFault extends AwsFault {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor({ code, status, message, fields }: AwsFault, headers: Readonly<Record<string, string>>) {
    super(code, status, message, fields);
    this.headers = headers;
  }
}

/** A fault with members that are no strings, for the JSON services. */
export class DetailedFault extends AwsFault {
  readonly details: Readonly<Record<string, Json>>;

  constructor(code: string, message: string, details: Readonly<Record<string, Json>>) {
    super(code, 400, message);
    this.details = details;
  }
}
