// The seed's section 2.1 as steps, in order: logs reach CloudWatch by namespace, and what keeps them from it is told.
import type { WalkthroughStep } from '../step.ts';
import { proveCollectorRole } from './account-side.ts';
import { proveLinesArrive, proveOtherLogs } from './arrival.ts';
import { proveLiveTail } from './live.ts';
import { proveCollectorRuns, proveForwarderReady, proveOperatorInstalled } from './operator.ts';
import { proveQuery } from './query.ts';
import { proveNothingLost, provePermissionNeeded, proveTrustMended, proveTrustNeeded } from './refusals.ts';
import type { LogsScene } from './scene.ts';

export const logsToCloudWatch: readonly WalkthroughStep<LogsScene>[] = [
  { title: "a policy, and a role that trusts the collector's ServiceAccount", prove: proveCollectorRole },
  { title: 'the logging operator is installed from its catalog', prove: proveOperatorInstalled },
  { title: 'a forwarder to CloudWatch', prove: proveForwarderReady },
  { title: 'operator and collector run', prove: proveCollectorRuns },
  { title: 'lines reach the log group of their namespace', prove: proveLinesArrive },
  { title: 'infrastructure and audit logs are there', prove: proveOtherLogs },
  { title: 'a live tail shows lines as they arrive', prove: proveLiveTail },
  { title: 'Logs Insights answers a query', prove: proveQuery },
  { title: 'must fail: a role without logs:PutLogEvents', prove: provePermissionNeeded },
  { title: 'given back, delivery resumes where it stopped', prove: proveNothingLost },
  { title: 'must fail: a role that trusts another ServiceAccount', prove: proveTrustNeeded },
  { title: 'trusted again, delivery resumes', prove: proveTrustMended },
];
