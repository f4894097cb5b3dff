// The services of the plane: the only registry, one line each, and the wiring of the ports between them.
import type { ServiceDefinition } from '../operation.ts';
import { authorizeTokenOf } from '../pipeline/authorize-token.ts';
import { callInsideOf } from '../pipeline/call-inside.ts';
import type { PlaneContext } from '../plane-context.ts';
import type { FetchIssuerDocument } from '../ports.ts';
import type { CallRecords } from '../records.ts';
import { dynamodb, dynamodbStreams } from './dynamodb/service.ts';
import { openNetworks } from './ec2/networks.ts';
import { ec2 } from './ec2/service.ts';
import { elasticache } from './elasticache/service.ts';
import { type AdministratorIdentity, ensureAdministrator } from './iam/administrator.ts';
import { openDirectory } from './iam/directory.ts';
import { iamService } from './iam/service.ts';
import { kms } from './kms/service.ts';
import { logs } from './logs/service.ts';
import { rds } from './rds/service.ts';
import { s3 } from './s3/service.ts';
import { secretsManager } from './secretsmanager/service.ts';
import { openSts } from './sts/service.ts';

export type { AdministratorIdentity } from './iam/administrator.ts';

/** Keys to give to the administrator instead of random ones. */
export type AdministratorKeys = Pick<AdministratorIdentity, 'accessKeyId' | 'secretAccessKey'>;

export interface OpenedServices {
  readonly plane: PlaneContext;
  readonly services: readonly ServiceDefinition[];
  /** The user that is made at the first start. */
  readonly administrator: AdministratorIdentity;
}

export interface ServicesOptions {
  readonly fetchIssuerDocument: FetchIssuerDocument;
  readonly administratorKeys?: AdministratorKeys | undefined;
  /** Where calls between services are recorded. */
  readonly records?: CallRecords | undefined;
}

/** Opens every service over one foundation, wires their ports, and starts them. */
export async function openServices(
  foundation: Omit<PlaneContext, 'ports'>,
  { fetchIssuerDocument, administratorKeys, records }: ServicesOptions,
): Promise<OpenedServices> {
  const identities = openDirectory(foundation.store);
  const [sts, administrator] = await Promise.all([
    openSts(foundation, fetchIssuerDocument),
    ensureAdministrator(foundation, administratorKeys),
  ]);
  const callInside = callInsideOf({ plane: () => plane, services: () => services, records });
  const networks = openNetworks(foundation);
  const authorizeToken = authorizeTokenOf({ plane: () => plane, records });
  const ports = {
    identities,
    sessions: sts.sessions,
    fetchIssuerDocument,
    callInside,
    networks,
    authorizeToken,
  };
  const plane: PlaneContext = { ...foundation, ports };
  const services: readonly ServiceDefinition[] = [
    iamService,
    s3,
    logs,
    ec2,
    kms,
    secretsManager,
    rds,
    dynamodb,
    dynamodbStreams,
    elasticache,
    sts.definition,
  ];
  await Promise.all(services.map(async (service) => service.start?.(plane)));
  return { plane, services, administrator };
}
