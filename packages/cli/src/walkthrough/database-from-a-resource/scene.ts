// What the steps share: the clients, and the names. The seed's manifest names the database, its Secret and its namespace.
import { systemRandom } from '@pergola/kernel';
import type { Clients } from '../clients.ts';

export interface DatabaseScene extends Clients {
  readonly names: DatabaseNames;
  /** Differs in every run, so that no change of an earlier one is taken for proof. */
  readonly run: string;
}

export interface DatabaseNames {
  /** Of the operator. */
  readonly system: string;
  readonly serviceAccount: string;
  readonly role: string;
  readonly policy: string;
  readonly namespace: string;
  readonly database: string;
  readonly user: string;
  readonly secret: string;
  readonly configMap: string;
}

export function databaseScene(clients: Clients): DatabaseScene {
  return {
    ...clients,
    run: systemRandom.uuid().slice(0, 8),
    names: {
      system: 'ack-system',
      serviceAccount: 'ack-controller',
      role: `${clients.sandbox.identity.name}-ack-controller-demo`,
      policy: 'PergolaAckDemo',
      namespace: 'production',
      database: 'example-database',
      user: 'myusername',
      secret: 'rds-postgresql-user-creds',
      configMap: 'example-database-endpoint',
    },
  };
}
