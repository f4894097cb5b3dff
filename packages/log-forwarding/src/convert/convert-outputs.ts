// Outputs: the names of groups stay as they were. Grouping by namespace needs two outputs, for logging 5 puts
// infrastructure and audit logs into groups of their own whatever `groupBy` says, and one template cannot.
import { legacyKeys } from '../operator/resolve/credentials.ts';
import type { Authentication, CloudWatch, Output } from '../operator/spec/forwarder-spec.ts';
import type { LegacyCloudWatch, LegacyOutput } from '../operator/spec/legacy-forwarder-spec.ts';
import type { GroupFields } from '../operator/spec/shared-spec.ts';
import { type ConversionContext, ConversionError, type Notes } from './conversion.ts';
import type { ItemNames } from './item-names.ts';

/** Where a former output's logs go now. */
export interface ConvertedOutput {
  /** The output for logs of containers of applications. */
  readonly application: Output;
  /** The output for infrastructure and audit; the same as the other when one is enough. */
  readonly others: Output;
}

export interface OutputTools {
  readonly context: ConversionContext;
  readonly names: ItemNames;
  readonly notes: Notes;
}

const templates = {
  logType: '{.log_type||"none"}',
  namespaceName: '{.kubernetes.namespace_name||"application"}',
  // A namespace that was gone before it was seen has no id.
  namespaceUUID: '{.kubernetes.namespace_id||.kubernetes.namespace_name||"application"}',
} as const;

/** Undefined, with a note, for a type that is not converted. */
export function convertOutput(output: LegacyOutput, tools: OutputTools): ConvertedOutput | undefined {
  const { name = '', type, cloudwatch } = output;
  const { names, notes } = tools;
  if (type !== 'cloudwatch' || !cloudwatch) {
    notes.add(`output "${name}" of type ${type} was left out: only cloudwatch is converted`);
    return undefined;
  }
  const prefix = prefixOf(name, cloudwatch, tools);
  const { groupBy = 'logType' } = cloudwatch;
  const common = commonParts(output, tools);
  const outputOf = (outputName: string, template: string): Output => ({
    name: outputName,
    ...common,
    cloudwatch: { groupName: prefix + template, ...common.cloudwatch },
  });
  const application = outputOf(names.take(name), templates[groupBy]);
  if (groupBy === 'logType') return { application, others: application };
  const others = outputOf(names.derive(`${application.name}-by-type`), templates.logType);
  notes.add(
    `output "${name}" groups by ${groupBy}: "${application.name}" takes the logs of applications now, "${others.name}" those of infrastructure and audit, so that all groups keep their names`,
  );
  if (output.limit?.maxRecordsPerSecond) {
    notes.add(`the limit of output "${name}" counts for each of its two successors alone`);
  }
  return { application, others };
}

function prefixOf(output: string, { groupPrefix }: LegacyCloudWatch, { context }: OutputTools): string {
  const prefix = groupPrefix ?? context.infrastructureName;
  if (prefix === undefined) {
    throw new ConversionError(
      `output "${output}" has no groupPrefix, which stands for the cluster's name: give infrastructureName (oc get infrastructure cluster -o jsonpath='{.status.infrastructureName}')`,
    );
  }
  if (prefix === '') return '';
  // CloudWatch takes no others; the collector writes them so, too.
  const allowed = prefix.replaceAll(/[^\w.\-/#]/g, '_');
  // `#` is allowed in groups but not in templates, save in the text that follows a missing field.
  return allowed.includes('#') ? `{.none||"${allowed}"}.` : `${allowed}.`;
}

type CommonParts = Omit<Output, 'name' | 'cloudwatch'> & {
  readonly cloudwatch: Omit<CloudWatch, 'groupName'>;
};

function commonParts(output: LegacyOutput, tools: OutputTools): CommonParts {
  const { name = '', cloudwatch = {}, url, limit, secret } = output;
  const secretName = secret?.name ?? '';
  const keys = keysOf(secretName, tools);
  return {
    type: 'cloudwatch',
    ...tlsOf(output, secretName, keys),
    ...(limit?.maxRecordsPerSecond ? { rateLimit: limit } : {}),
    cloudwatch: {
      region: cloudwatch.region ?? '',
      ...(url ? { url } : {}),
      authentication: authenticationOf(name, secretName, keys),
      ...tuningOf(output),
      ...groupFieldsOf(cloudwatch, tools),
    },
  };
}

function tlsOf({ tls }: LegacyOutput, secretName: string, keys: readonly string[]): Pick<Output, 'tls'> {
  const fields = {
    ...(keys.includes(legacyKeys.caBundle) ? { ca: { secretName, key: legacyKeys.caBundle } } : {}),
    ...(tls?.insecureSkipVerify ? { insecureSkipVerify: true } : {}),
  };
  return Object.keys(fields).length > 0 ? { tls: fields } : {};
}

function groupFieldsOf(
  { retentionInDays, tags, kmsKeyId }: GroupFields,
  { notes }: OutputTools,
): GroupFields {
  const fields = {
    ...(retentionInDays === undefined ? {} : { retentionInDays }),
    ...(tags ? { tags } : {}),
    ...(kmsKeyId ? { kmsKeyId } : {}),
  };
  if (Object.keys(fields).length > 0) {
    notes.add('retentionInDays, tags and kmsKeyId are read by Pergola only');
  }
  return fields;
}

function keysOf(secret: string, { context, notes }: OutputTools): readonly string[] {
  const known = context.secretKeys?.[secret];
  if (known) return known;
  notes.add(`Secret "${secret}" was not looked at: it is taken to hold ${legacyKeys.role}`);
  return [legacyKeys.role];
}

/** Which key holds the role must be said now; the token is the ServiceAccount's, as it was. */
function authenticationOf(output: string, secretName: string, keys: readonly string[]): Authentication {
  if (secretName === '') throw new ConversionError(`output "${output}" names no Secret`);
  const roleKey = [legacyKeys.credentials, legacyKeys.role].find((key) => keys.includes(key));
  if (roleKey !== undefined) {
    const token = keys.includes(legacyKeys.token)
      ? ({ from: 'secret', secret: { name: secretName, key: legacyKeys.token } } as const)
      : ({ from: 'serviceAccount' } as const);
    return { type: 'iamRole', iamRole: { roleARN: { secretName, key: roleKey }, token } };
  }
  return {
    type: 'awsAccessKey',
    awsAccessKey: {
      keyId: { secretName, key: legacyKeys.keyId },
      keySecret: { secretName, key: legacyKeys.keySecret },
    },
  };
}

function tuningOf({ tuning }: LegacyOutput): Pick<CloudWatch, 'tuning'> {
  if (!tuning) return {};
  const { delivery, ...rest } = tuning;
  return { tuning: { ...(delivery ? { deliveryMode: delivery } : {}), ...rest } };
}
