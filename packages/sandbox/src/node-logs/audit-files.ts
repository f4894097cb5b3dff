// The audit logs of a node: one file for each API server that OpenShift has, where a log collector looks for it.
import { join } from 'node:path';
import type { Clock, Logger } from '@pergola/kernel';
import type { AuditSink } from '@pergola/kube-plane';
import { type LineFile, openLineFile } from './line-file.ts';

export interface AuditFiles extends AsyncDisposable {
  readonly sink: AuditSink;
}

/** The groups that OpenShift serves beside Kubernetes, by the server that has them. All others are kube-apiserver's. */
const servers: Readonly<Record<string, string>> = {
  'apps.openshift.io': 'openshift-apiserver',
  'authorization.openshift.io': 'openshift-apiserver',
  'build.openshift.io': 'openshift-apiserver',
  'image.openshift.io': 'openshift-apiserver',
  'project.openshift.io': 'openshift-apiserver',
  'quota.openshift.io': 'openshift-apiserver',
  'route.openshift.io': 'openshift-apiserver',
  'security.openshift.io': 'openshift-apiserver',
  'template.openshift.io': 'openshift-apiserver',
  'oauth.openshift.io': 'oauth-apiserver',
  'user.openshift.io': 'oauth-apiserver',
};

const sizeMax = 10 * 1024 * 1024;
const kept = 3;

/** Files below `folder`, the node's /var/log, each opened when it is first written to. */
export function openAuditFiles(
  folder: string,
  services: { readonly clock: Clock; readonly logger: Logger },
): AuditFiles {
  const files = new Map<string, LineFile>();
  const fileOf = (server: string): LineFile => {
    const known = files.get(server);
    if (known) return known;
    const file = openLineFile({ path: join(folder, server, 'audit.log'), sizeMax, kept, ...services });
    files.set(server, file);
    return file;
  };
  return {
    sink: (line, group) => fileOf(servers[group] ?? 'kube-apiserver').write(line),
    async [Symbol.asyncDispose]() {
      await Promise.all([...files.values()].map((file) => file[Symbol.asyncDispose]()));
    },
  };
}
