// The door to the codecs: one ServiceCodec per service, built on first use and kept.
import { assert } from '@pergola/kernel';
import type { ServiceName } from '../operation.ts';
import type { ServiceCodec } from './codec.ts';

/** The codec of `service`. The service's model is parsed on the first call only. */
export async function loadCodec(service: ServiceName): Promise<ServiceCodec> {
  assert(false, `codec of ${service} is being written`);
}
