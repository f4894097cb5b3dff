// What is said of a group in the journal besides batches: expiry and deletions, as JSON.
import { FRAME_HEADER_BYTES, frameKinds, frameOf, sealFrame } from '../files/frame.ts';

export type Control =
  | {
      readonly what: 'expire';
      readonly key: string;
      readonly beforeMs: number;
      readonly beforeSequence: number;
    }
  | {
      readonly what: 'delete-stream';
      readonly key: string;
      readonly stream: string;
      readonly beforeSequence: number;
    }
  | { readonly what: 'delete-group'; readonly key: string };

/** The frame of `control` and how to seal it for a file. */
export function encodeControl(control: Control): { frame: Buffer; seal: (salt: number) => void } {
  const frame = frameOf(frameKinds.control, Buffer.from(JSON.stringify(control), 'utf8'), 0);
  return { frame, seal: (salt) => sealFrame(frame, frameKinds.control, salt) };
}

/** The control in a frame whose checksum has been looked at. */
export function decodeControl(frame: Buffer): Control {
  return JSON.parse(frame.toString('utf8', FRAME_HEADER_BYTES)) as Control;
}
