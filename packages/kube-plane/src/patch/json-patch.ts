// JSON Patch (RFC 6902) as the API server applies it.
import { isRecord } from '@pergola/kernel';
import fastJsonPatch from 'fast-json-patch';
import { faults } from '../faults.ts';
import { KubeStatus } from '../kube-status.ts';

/** Operations that one patch may have. */
export const jsonPatchOperationsMax = 10_000;

/** What all copies of one patch may add together, as upstream: a few that copy copies could fill the memory. */
export const copiedBytesMax = 3 * 1024 * 1024;

/**
 * Applies `operations` to a copy of `document`.
 * @throws KubeStatus 400 for a body that is no patch, 413 for too many operations or too much that is copied, 422 when one cannot be applied
 * (a failed `test` too).
 */
export function applyJsonPatch(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    const kind = isRecord(operations) ? 'object' : typeof operations;
    throw faults.badRequest(
      `error decoding patch: json: cannot unmarshal ${kind} into Go value of type []interface {}`,
    );
  }
  if (operations.length > jsonPatchOperationsMax) {
    throw new KubeStatus(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${jsonPatchOperationsMax}, got ${operations.length}`,
    );
  }
  let current: unknown = structuredClone(document);
  let copiedBytes = 0;
  for (const operation of operations) {
    if (!isOperation(operation)) throw unprocessable();
    if (operation.op === 'copy') {
      copiedBytes += sizeAt(current, operation.from);
      if (copiedBytes > copiedBytesMax) throw tooMuchCopied(copiedBytes);
    }
    current = applyOne(current, operation);
  }
  return current;
}

function applyOne(document: unknown, operation: fastJsonPatch.Operation): unknown {
  // As upstream: removing or replacing what is not there is an error, which the library lets pass for `remove`.
  if (operation.op === 'remove' && fastJsonPatch.getValueByPointer(document, operation.path) === undefined) {
    throw unprocessable();
  }
  try {
    // The last argument refuses changes of prototypes.
    return fastJsonPatch.applyOperation(document, operation, true, true, true).newDocument;
  } catch {
    // Whatever the library says, the answer of the API server is this one sentence.
    throw unprocessable();
  }
}

function sizeAt(document: unknown, pointer: string): number {
  try {
    return JSON.stringify(fastJsonPatch.getValueByPointer(document, pointer) ?? null).length;
  } catch {
    // A pointer to nowhere copies nothing; applying it says what is wrong.
    return 0;
  }
}

function tooMuchCopied(sizeBytes: number): KubeStatus {
  return new KubeStatus(
    413,
    'RequestEntityTooLarge',
    `Request entity too large: Unable to complete the copy, the accumulated size increase of copy is ${sizeBytes}, exceeding the limit ${copiedBytesMax}`,
  );
}

function unprocessable(): KubeStatus {
  return new KubeStatus(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

const operationNames = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function isOperation(value: unknown): value is fastJsonPatch.Operation {
  if (!isRecord(value) || typeof value['path'] !== 'string') return false;
  const op = value['op'];
  if (typeof op !== 'string' || !operationNames.has(op)) return false;
  return (op !== 'move' && op !== 'copy') || typeof value['from'] === 'string';
}
