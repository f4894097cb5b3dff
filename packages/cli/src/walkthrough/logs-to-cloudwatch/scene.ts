// What the steps share: the clients, and the names. Those of the cluster are the seed's own, so that its section 2.1
// finds its objects and changes nothing; the role has another name, because `aws iam create-role` refuses one that exists.
import { systemClock, systemRandom } from '@pergola/kernel';
import type { Terminal } from '../../output/terminal.ts';
import type { Clients } from '../clients.ts';

export interface LogsScene extends Clients {
  readonly names: LogsNames;
  readonly screen: Pick<Terminal, 'columns' | 'paint'>;
  /** Differs in every run, so that no line of an earlier one is taken for proof. */
  readonly run: string;
  /** Milliseconds since the epoch; nothing before it is looked at. */
  readonly startedMs: number;
}

export interface LogsNames {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly policy: string;
  readonly role: string;
  readonly secret: string;
  /** Namespaces of the workloads. */
  readonly shop: string;
  readonly bank: string;
  readonly groupPrefix: string;
}

export function logsScene(clients: Clients, screen: LogsScene['screen']): LogsScene {
  const { name } = clients.sandbox.identity;
  return {
    ...clients,
    screen,
    run: systemRandom.uuid().slice(0, 8),
    startedMs: systemClock.nowMs() - 60_000,
    names: {
      namespace: 'openshift-logging',
      serviceAccount: 'logcollector',
      policy: 'RosaCloudWatch',
      role: `${name}-RosaCloudWatch-demo`,
      secret: 'cloudwatch-credentials',
      shop: 'logs-demo-shop',
      bank: 'logs-demo-bank',
      groupPrefix: `rosa-${name}`,
    },
  };
}

/** The log group of a namespace, or of `infrastructure` and `audit`. */
export function groupOf({ names }: LogsScene, last: string): string {
  return `${names.groupPrefix}.${last}`;
}
