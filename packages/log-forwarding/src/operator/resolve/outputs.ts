// Outputs as the collector reads them.
import type { OutputConfig } from '../../config/collector-config.ts';
import type { Authentication, CloudWatch, ConfigKey, Output } from '../spec/forwarder-spec.ts';
import type { LegacyOutput } from '../spec/legacy-forwarder-spec.ts';
import type { GroupFields, Limit } from '../spec/shared-spec.ts';
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
  const { region = '', groupBy = 'logType', groupPrefix } = cloudwatch;
  const secretName = secret?.name ?? '';
  return {
    name,
    type: 'cloudwatch',
    region,
    endpoint: url || undefined,
    names: { style: 'v1', groupBy, prefix: groupPrefix ?? clusterPrefix },
    authentication: legacyAuthentication(read, secretName),
    tuning: resolveTuning(tuning),
    ...groupsOf(cloudwatch),
    maxRecordsPerSecond: rateOf(limit),
    insecureSkipVerify: tls?.insecureSkipVerify,
    caFile: legacyCaPath(read, secretName),
  };
}

/** A validated CloudWatch output of observability.openshift.io. */
export function resolveOutput(output: Output, read: SecretReader): OutputConfig {
  const { name, cloudwatch = unset, rateLimit, tls } = output;
  const { region, groupName, url, authentication = noAuthentication, tuning } = cloudwatch;
  return {
    name,
    type: 'cloudwatch',
    region,
    endpoint: url || undefined,
    names: { style: 'observability', groupName },
    authentication: resolveAuthentication(read, authentication, name),
    tuning: resolveTuning(tuning && { ...tuning, delivery: tuning.deliveryMode }),
    ...groupsOf(cloudwatch),
    maxRecordsPerSecond: rateOf(rateLimit),
    insecureSkipVerify: tls?.insecureSkipVerify,
    caFile: tls?.ca ? caPath(tls.ca) : undefined,
  };
}

/** What validation never lets through. */
const noAuthentication: Authentication = { type: 'awsAccessKey' };
const unset: CloudWatch = { region: '', groupName: '' };

/** Zero means that there is no limit. */
function rateOf(limit: Limit | undefined): number | undefined {
  return limit?.maxRecordsPerSecond || undefined;
}

function groupsOf({ retentionInDays, tags, kmsKeyId }: GroupFields) {
  return { retentionDays: retentionInDays, tags, kmsKeyId };
}

function legacyCaPath(read: SecretReader, name: string): string | undefined {
  const key = legacyKeys.caBundle;
  return read(name, key) === undefined ? undefined : pathOfKey({ kind: 'secret', name, key });
}

function caPath({ secretName, configMapName, key }: ConfigKey): string {
  return secretName === undefined
    ? pathOfKey({ kind: 'configMap', name: configMapName ?? '', key })
    : pathOfKey({ kind: 'secret', name: secretName, key });
}
