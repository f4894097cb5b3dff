// What the steps share: the clients, and the names that the seed's section 2.4 uses.
import type { Sandbox } from '@pergola/sandbox';
import type { Clients } from '../clients.ts';

export interface Scene extends Clients {
  readonly names: Names;
}

/** Names as in the seed. */
export interface Names {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly role: string;
  readonly readerServiceAccount: string;
  readonly readerRole: string;
  readonly bucket: string;
}

export function s3Scene(clients: Clients): Scene {
  return { ...clients, names: namesOf(clients.sandbox) };
}

function namesOf(sandbox: Sandbox): Names {
  return {
    namespace: 'iam-app-demo',
    serviceAccount: 'iam-app-s3-sa',
    role: 'iam-app-demo-s3-role',
    readerServiceAccount: 'iam-app-reader-sa',
    readerRole: 'iam-app-demo-reader-role',
    bucket: `${sandbox.identity.infrastructureName}-iam-app-demo`,
  };
}
