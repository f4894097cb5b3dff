// STS: temporary credentials. Sessions live in their tokens, so the service has next to no state.
import { createKeyCache } from '@pergola/oidc';
import type { ServiceDefinition } from '../../operation.ts';
import type { PlaneContext } from '../../plane-context.ts';
import type { FetchIssuerDocument, SessionStore } from '../../ports.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import { getAccessKeyInfo } from './get-access-key-info.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { Sessions } from './sessions.ts';
import { sealingKeyOf } from './state.ts';

export interface Sts {
  readonly definition: ServiceDefinition;
  /** The port through which the authenticate stage finds sessions. */
  readonly sessions: SessionStore;
}

/** Opens STS over a plane that is still being built: it needs no port but the fetching of issuers' documents. */
export async function openSts(plane: Omit<PlaneContext, 'ports'>, fetch: FetchIssuerDocument): Promise<Sts> {
  const { store, random, clock, defaultAccount } = plane;
  const sessions = new Sessions(await sealingKeyOf(store, defaultAccount, random), random);
  const context = { sessions, keys: createKeyCache({ fetch, clock }) };
  return {
    sessions,
    definition: {
      name: 'sts',
      operations: [
        assumeRole(context),
        assumeRoleWithWebIdentity(context),
        getAccessKeyInfo,
        getCallerIdentity,
      ],
    },
  };
}
