// Keeping one received part of a multipart upload.
import type { Call } from '../../call.ts';
import type { ReceivedBody } from './bodies.ts';
import { requireUpload, type UploadInput } from './multipart.ts';
import type { PartRecord } from './object.ts';
import { findPart, putPart } from './state.ts';
import { commit } from './storage.ts';

/** Puts a part in place of the one with its number, if the upload still exists. What `make` throws discards it. */
export function keepPart(
  call: Call,
  input: UploadInput,
  received: ReceivedBody,
  make: () => PartRecord,
): Promise<PartRecord> {
  return commit(
    call.plane,
    (tx, drop) => {
      const upload = requireUpload(tx, input);
      const part = make();
      const previous = findPart(tx, upload.id, part.number);
      if (previous) drop(previous.body);
      putPart(tx, upload.id, part);
      return part;
    },
    received,
  );
}
