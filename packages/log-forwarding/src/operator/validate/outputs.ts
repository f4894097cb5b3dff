// Validation of the outputs of observability.openshift.io/v1, in the words of logging 6.
import { roleArnAt, type SecretReader } from '../resolve/credentials.ts';
import { tuningProblems } from '../resolve/tuning.ts';
import {
  type AssumeRole,
  type Authentication,
  assumeRoleOf,
  type ConfigKey,
  type ForwarderSpec,
  type Output,
} from '../spec/forwarder-spec.ts';
import type { Findings } from './findings.ts';
import { groupProblems, urlProblem } from './group-fields.ts';
import { itemCondition } from './items.ts';

export interface ValueReaders {
  readonly hasSecret: (name: string) => boolean;
  readonly readSecret: SecretReader;
  readonly hasConfigMap: (name: string) => boolean;
  readonly readConfigMap: SecretReader;
}

export function validateOutputs(spec: ForwarderSpec, found: Findings, readers: ValueReaders): void {
  const { outputs = [], pipelines = [] } = spec;
  const used = new Set(pipelines.flatMap(({ outputRefs = [] }) => outputRefs));
  for (const output of outputs) {
    const { name } = output;
    const problems = found.outputs.has(name)
      ? [`duplicate name: ${JSON.stringify(name)}`]
      : outputProblems(output, readers);
    if (!used.has(name)) problems.push('not referenced by any pipeline');
    found.outputs.set(name, [itemCondition('Output', name, problems)]);
  }
}

function outputProblems(output: Output, readers: ValueReaders): string[] {
  const { type, cloudwatch } = output;
  if (type !== 'cloudwatch') {
    return [`output type ${JSON.stringify(type)} is not implemented: only cloudwatch is`];
  }
  if (!cloudwatch) return ['Additional type specific spec is required for the output type'];
  const { url, authentication, tuning } = cloudwatch;
  const problems = authentication
    ? authenticationProblems(authentication, readers)
    : ['cloudwatch.authentication is required'];
  if (url && urlProblem(url) !== undefined) problems.push('invalid URL');
  return [
    ...problems,
    ...connectionProblems(output, readers),
    ...tuningProblems(tuning),
    ...groupProblems(cloudwatch),
  ];
}

function connectionProblems({ rateLimit, tls = {} }: Output, readers: ValueReaders): string[] {
  const problems = tls.ca ? valueProblems(tls.ca, readers) : [];
  if ((rateLimit?.maxRecordsPerSecond ?? 0) < 0) problems.push('rateLimit must not be negative');
  if (tls.certificate || tls.key) problems.push('client certificates are not implemented for cloudwatch');
  return problems;
}

function authenticationProblems(authentication: Authentication, readers: ValueReaders): string[] {
  const { type, iamRole, awsAccessKey } = authentication;
  const chained = assumeRoleOf(authentication);
  const own =
    type === 'iamRole'
      ? iamRole && roleProblems(iamRole, readers)
      : awsAccessKey &&
        [awsAccessKey.keyId, awsAccessKey.keySecret].flatMap((key) => valueProblems(key, readers));
  if (!own) return ['Additional type specific spec is required for authentication'];
  return chained ? [...own, ...assumeRoleProblems(chained, readers)] : own;
}

function roleProblems(
  { roleARN, token }: NonNullable<Authentication['iamRole']>,
  readers: ValueReaders,
): string[] {
  const problems = valueProblems(roleARN, readers);
  if (token.from === 'secret') {
    problems.push(
      ...(token.secret
        ? valueProblems({ secretName: token.secret.name, key: token.secret.key }, readers)
        : ['Additional secret spec is required when bearer token is sourced from a secret']),
    );
  }
  return roleArnAt(readers.readSecret, roleARN) === undefined
    ? [...problems, 'AWS RoleARN is invalid']
    : problems;
}

function assumeRoleProblems({ roleARN, externalID }: AssumeRole, readers: ValueReaders): string[] {
  const problems = valueProblems(roleARN, readers);
  if (roleArnAt(readers.readSecret, roleARN) === undefined)
    problems.push('AWS AssumeRole RoleARN is invalid');
  const fits = externalID === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(externalID);
  return fits ? problems : [...problems, 'externalID must be 2 to 1224 characters of [\\w+=,.@:/-]'];
}

function valueProblems({ secretName, configMapName, key }: ConfigKey, readers: ValueReaders): string[] {
  const [kind, name = '', has, read] =
    secretName === undefined
      ? (['configmap', configMapName, readers.hasConfigMap, readers.readConfigMap] as const)
      : (['secret', secretName, readers.hasSecret, readers.readSecret] as const);
  if (!has(name)) return [`${kind}[${name}] not found`];
  const value = read(name, key);
  if (value === undefined) return [`${kind}[${name}.${key}] not found`];
  return value.trim() === '' ? [`${kind}[${name}.${key}] value is empty`] : [];
}
