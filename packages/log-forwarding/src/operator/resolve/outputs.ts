// Outputs as the collector reads them.
import type { OutputConfig } from '../../config/collector-config.ts';
import type { Output } from '../spec/forwarder-spec.ts';
import type { LegacyOutput } from '../spec/legacy-forwarder-spec.ts';
import type { GroupFields } from '../spec/shared-spec.ts';
import { legacyAuthentication, legacyKeys, resolveAuthentication, type SecretReader } from './credentials.ts';
import { pathOfKey } from './mounted-keys.ts';
import { resolveTuning } from './tuning.ts';

/** A validated CloudWatch output of logging.openshift.io; `clusterPrefix` stands where the output names none. */
export function resolveLegacyOutput(
  output: LegacyOutput,
  read: SecretReader,
  clusterPrefix: string,
): OutputConfig {
  const { name = '', cloudwatch = {}, secret, url, limit, tuning, tls } = output;
  const secretName = secret?.name ?? '';
  const hasCa = read(secretName, legacyKeys.caBundle) !== undefined;
  return {
    name,
    type: 'cloudwatch',
    region: cloudwatch.region ?? '',
    endpoint: url || undefined,
    names: {
      style: 'v1',
      groupBy: cloudwatch.groupBy ?? 'logType',
      prefix: cloudwatch.groupPrefix ?? clusterPrefix,
    },
    authentication: legacyAuthentication(read, secretName),
    tuning: resolveTuning(tuning),
    ...groupsOf(cloudwatch),
    maxRecordsPerSecond: limit?.maxRecordsPerSecond || undefined,
    insecureSkipVerify: tls?.insecureSkipVerify,
    caFile: hasCa ? pathOfKey({ kind: 'secret', name: secretName, key: legacyKeys.caBundle }) : undefined,
  };
}

/** A validated CloudWatch output of observability.openshift.io. */
export function resolveOutput(output: Output, read: SecretReader): OutputConfig {
  const { name, cloudwatch, rateLimit, tls } = output;
  const { region = '', groupName = '', url, authentication, tuning } = cloudwatch ?? {};
  return {
    name,
    type: 'cloudwatch',
    region,
    endpoint: url || undefined,
    names: { style: 'observability', groupName },
    authentication: resolveAuthentication(read, authentication ?? { type: 'awsAccessKey' }, name),
    tuning: resolveTuning(tuning && { ...tuning, delivery: tuning.deliveryMode }),
    ...groupsOf(cloudwatch ?? {}),
    maxRecordsPerSecond: rateLimit?.maxRecordsPerSecond || undefined,
    insecureSkipVerify: tls?.insecureSkipVerify,
    caFile: tls?.ca ? caPath(tls.ca) : undefined,
  };
}

function groupsOf({ retentionInDays, tags, kmsKeyId }: GroupFields) {
  return { retentionDays: retentionInDays, tags, kmsKeyId };
}

function caPath({ secretName, configMapName, key }: NonNullable<NonNullable<Output['tls']>['ca']>): string {
  return secretName === undefined
    ? pathOfKey({ kind: 'configMap', name: configMapName ?? '', key })
    : pathOfKey({ kind: 'secret', name: secretName, key });
}
