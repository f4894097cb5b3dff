// Where a node keeps its logs.
import { join } from 'node:path';
import type { AuditSource } from './sources/audit-source.ts';

export interface LogPaths {
  /** `<pods>/<namespace>_<pod>_<uid>/<container>/<n>.log`. */
  readonly pods: string;
  /** Folder of the journal: `*.json` files in it are entries in journal export JSON; else `journalctl` is asked. */
  readonly journal: string;
  readonly audit: readonly AuditPath[];
}

export interface AuditPath {
  readonly source: AuditSource;
  readonly path: string;
}

export interface LogRoots {
  readonly pods: string;
  readonly journal: string;
  /** Folder of `audit`, `kube-apiserver`, `openshift-apiserver`, `oauth-apiserver`, `oauth-server` and `ovn`. */
  readonly audit: string;
}

/** The paths below `root`, `/var/log` on a node. */
export function logPathsIn(root: string): LogPaths {
  return logPathsOf({ pods: join(root, 'pods'), journal: join(root, 'journal'), audit: root });
}

export function logPathsOf({ pods, journal, audit: auditRoot }: LogRoots): LogPaths {
  const audit = (source: AuditSource, ...parts: string[]) => ({ source, path: join(auditRoot, ...parts) });
  return {
    pods,
    journal,
    audit: [
      audit('auditd', 'audit', 'audit.log'),
      audit('kubeAPI', 'kube-apiserver', 'audit.log'),
      audit('openshiftAPI', 'oauth-apiserver', 'audit.log'),
      audit('openshiftAPI', 'openshift-apiserver', 'audit.log'),
      audit('openshiftAPI', 'oauth-server', 'audit.log'),
      audit('ovn', 'ovn', 'acl-audit-log.log'),
    ],
  };
}
