// The logging operator as a package of an operator catalog: channels, and a ClusterServiceVersion for each.
import type { KubeResource } from '@pergola/kube-client';
import { loggingCrds } from './crds/index.ts';
import { loggingServiceVersion } from './service-version.ts';

/** A package as catalogs offer it. */
export interface OperatorPackage {
  readonly name: string;
  readonly displayName: string;
  readonly defaultChannel: string;
  readonly channels: readonly { readonly name: string; readonly csv: string }[];
  /** By the name of the ClusterServiceVersion. */
  readonly bundles: Readonly<
    Record<string, { readonly csv: KubeResource; readonly crds: readonly KubeResource[] }>
  >;
}

/** Each release with the channels whose head it is. `stable` ends with logging 5. */
const releases = [
  { version: '5.9.15', channels: ['stable', 'stable-5.9'] },
  { version: '6.0.10', channels: ['stable-6.0'] },
  { version: '6.1.8', channels: ['stable-6.1'] },
  { version: '6.2.5', channels: ['stable-6.2'] },
  { version: '6.3.1', channels: ['stable-6.3'] },
] as const;

const versions = releases.map(({ version }) => version);

export const loggingPackage: OperatorPackage = {
  name: 'cluster-logging',
  displayName: 'Red Hat OpenShift Logging',
  defaultChannel: 'stable-6.3',
  channels: releases.flatMap(({ version, channels }) =>
    channels.map((name) => ({ name, csv: `cluster-logging.v${version}` })),
  ),
  bundles: Object.fromEntries(
    versions.map((version, index) => {
      const csv = loggingServiceVersion(version, versions[index - 1]);
      return [csv.metadata.name, { csv, crds: loggingCrds }];
    }),
  ),
};
