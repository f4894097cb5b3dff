// Validation of the outputs of logging.openshift.io/v1, in the words of logging 5.9.
import { type NewCondition, notReady, plainReady } from '../conditions.ts';
import { legacyKeys, legacyRoleArn, type SecretReader } from '../resolve/credentials.ts';
import { tuningProblems } from '../resolve/tuning.ts';
import type { LegacyCloudWatch, LegacyForwarderSpec, LegacyOutput } from '../spec/legacy-forwarder-spec.ts';
import type { Findings } from './findings.ts';
import { groupProblems, urlProblem } from './group-fields.ts';

export interface OutputSurroundings {
  readonly hasSecret: (name: string) => boolean;
  readonly readSecret: SecretReader;
  /** The prefix for outputs that name none, or why there is none. */
  readonly clusterPrefix: { readonly name: string } | { readonly error: string };
}

export function validateLegacyOutputs(
  spec: LegacyForwarderSpec,
  found: Findings,
  around: OutputSurroundings,
): void {
  const { outputs = [], pipelines = [] } = spec;
  const used = new Set(pipelines.flatMap(({ outputRefs = [] }) => outputRefs));
  const names = new Set<string>();
  for (const [index, output] of outputs.entries()) {
    const { name = '' } = output;
    const misnamed = nameProblem(name, names);
    names.add(name);
    if (misnamed !== undefined) {
      found.outputs.set(`output_${index}_`, [notReady('Invalid', misnamed)]);
      continue;
    }
    const problem = outputProblem(output, around);
    const unused = () =>
      notReady('Invalid', `output ${JSON.stringify(name)}: Output not referenced by any pipeline`);
    found.outputs.set(name, [problem ?? (used.has(name) ? plainReady : unused())]);
  }
}

function nameProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  if (name === '') return 'output must have a name';
  if (name === 'default') return 'output name "default" is reserved';
  return seen.has(name) ? `duplicate name: ${JSON.stringify(name)}` : undefined;
}

function outputProblem(output: LegacyOutput, around: OutputSurroundings): NewCondition | undefined {
  const { name, type = '', cloudwatch, url } = output;
  const bad = (message: string) => notReady('Invalid', `output ${JSON.stringify(name)}: ${message}`);
  if (type !== 'cloudwatch') {
    return bad(`output type ${JSON.stringify(type)} is not implemented: only cloudwatch is`);
  }
  const wrongUrl = url ? urlProblem(url) : undefined;
  if (wrongUrl !== undefined) return notReady('Invalid', wrongUrl);
  const unsigned = secretProblem(output, around);
  if (unsigned) return unsigned;
  if (!cloudwatch) return bad('Cloudwatch output requires type spec');
  const problem = cloudwatchProblem(cloudwatch, output);
  if (problem !== undefined) return bad(problem);
  if (typeof cloudwatch.groupPrefix === 'string' || 'name' in around.clusterPrefix) return undefined;
  return notReady(
    'Invalid',
    `outputprefix is not set and it can't be fetched from the cluster. Error: ${around.clusterPrefix.error}`,
  );
}

function cloudwatchProblem(
  cloudwatch: LegacyCloudWatch,
  { limit, tuning }: Pick<LegacyOutput, 'limit' | 'tuning'>,
): string | undefined {
  if (!cloudwatch.region) return 'Cloudwatch output requires a region';
  if (!cloudwatch.groupBy) return 'Cloudwatch output requires groupBy';
  if ((limit?.maxRecordsPerSecond ?? 0) < 0) return 'Output cannot have negative limit threshold';
  return [...tuningProblems(tuning), ...groupProblems(cloudwatch)][0];
}

function secretProblem(
  { secret }: LegacyOutput,
  { hasSecret, readSecret }: OutputSurroundings,
): NewCondition | undefined {
  const missing = (message: string) => notReady('MissingResource', message);
  if (!secret) return missing('secret must be provided for cloudwatch output');
  const { name = '' } = secret;
  if (name === '') return notReady('Invalid', 'secret has empty name');
  if (!hasSecret(name)) return missing(`secret ${JSON.stringify(name)} not found`);
  if (legacyRoleArn(readSecret, name) !== undefined) return undefined;
  const has = (key: string) => readSecret(name, key) !== undefined;
  if (has(legacyKeys.role) || has(legacyKeys.credentials)) {
    return missing("auth keys: a 'role_arn' or 'credentials' key is required containing a valid arn value");
  }
  return readSecret(name, legacyKeys.keyId) && readSecret(name, legacyKeys.keySecret)
    ? undefined
    : missing('auth keys: aws_access_key_id and aws_secret_access_key are required');
}
