// /openapi/v2: a valid document that describes nothing. kubectl fetches it, as protobuf only, for what it does not
// find in v3 (`kind: List`, and everything before 1.29); finding no description there it leaves the checks to us.
import type { Call, Plane, WholeAnswer } from '../contract.ts';
import { faults } from '../faults.ts';
import { parseAccept } from '../render/accept.ts';
import { jsonAnswer } from '../render/status.ts';
import { versionInfo } from './version.ts';

/** As clients ask for it, and as it must be named in answers: `@` is no character of a media type. */
const ASKED = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const TITLE = 'Kubernetes';

export function openapiV2Answer(call: Call, plane: Plane): WholeAnswer {
  const version = versionInfo(plane)['gitVersion'] ?? '';
  for (const { type } of parseAccept(call.headers.accept)) {
    if (type === ASKED || type === PROTOBUF) {
      return { status: 200, headers: { 'Content-Type': PROTOBUF, Vary: 'Accept' }, body: document(version) };
    }
    if (type === 'application/json' || type === '*/*') {
      return jsonAnswer(200, { swagger: '2.0', info: { title: TITLE, version }, paths: {}, definitions: {} });
    }
  }
  throw faults.notAcceptable([ASKED, 'application/json']);
}

/** gnostic's openapi.v2.Document: swagger = 1, info = 2 {title = 1, version = 2}, paths = 8, definitions = 9. */
function document(version: string): Buffer {
  const info = Buffer.concat([field(1, Buffer.from(TITLE)), field(2, Buffer.from(version))]);
  const nothing = Buffer.alloc(0);
  return Buffer.concat([field(1, Buffer.from('2.0')), field(2, info), field(8, nothing), field(9, nothing)]);
}

/** A length-delimited protobuf field of fewer than 128 bytes. */
function field(number: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);
}
