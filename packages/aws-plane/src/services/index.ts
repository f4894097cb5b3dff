// The services of the plane: the only registry, one line each, and the wiring of the ports between them.
import { assert } from '@pergola/kernel';
import type { ServiceDefinition } from '../operation.ts';
import type { PlaneContext } from '../plane-context.ts';
import type { FetchIssuerDocument } from '../ports.ts';
import { openSts } from './sts/service.ts';

export interface AdministratorKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The user that the plane makes at its first start. */
export interface Administrator extends AdministratorKeys {
  readonly userName: string;
  readonly arn: string;
}

export interface OpenedServices {
  readonly plane: PlaneContext;
  readonly services: readonly ServiceDefinition[];
  readonly administrator: Administrator;
}

/** Opens every service over one foundation, in the order of what they need of each other. */
export async function openServices(
  foundation: Omit<PlaneContext, 'ports'>,
  fetchIssuerDocument: FetchIssuerDocument,
  administratorKeys?: AdministratorKeys,
): Promise<OpenedServices> {
  void administratorKeys;
  await openSts(foundation, fetchIssuerDocument);
  assert(false, 'the identity service is being written');
}
