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
  const { type, cloudwatch, rateLimit, tls } = output;
  if (type !== 'cloudwatch') {
    return [`output type ${JSON.stringify(type)} is not implemented: only cloudwatch is`];
  }
  if (!cloudwatch) return ['Additional type specific spec is required for the output type'];
  const { url, authentication, tuning } = cloudwatch;
  const problems = authentication
    ? authenticationProblems(authentication, readers)
    : ['cloudwatch.authentication is required'];
  const wrongUrl = url ? urlProblem(url) : undefined;
  if (wrongUrl !== undefined) problems.push('invalid URL');
  if ((rateLimit?.maxRecordsPerSecond ?? 0) < 0) problems.push('rateLimit must not be negative');
  if (tls?.certificate || tls?.key) problems.push('client certificates are not implemented for cloudwatch');
  if (tls?.ca) problems.push(...valueProblems(tls.ca, readers));
  return [...problems, ...tuningProblems(tuning), ...groupProblems(cloudwatch)];
}

function authenticationProblems(authentication: Authentication, readers: ValueReaders): string[] {
  const { type, iamRole, awsAccessKey } = authentication;
  const chained = assumeRoleOf(authentication);
  if ((type === 'iamRole' && !iamRole) || (type === 'awsAccessKey' && !awsAccessKey)) {
    return ['Additional type specific spec is required for authentication'];
  }
  const token = iamRole?.token.secret;
  const tokenKey =
    token && iamRole.token.from === 'secret' ? { secretName: token.name, key: token.key } : undefined;
  const keys =
    type === 'iamRole' ? [iamRole?.roleARN, tokenKey] : [awsAccessKey?.keyId, awsAccessKey?.keySecret];
  const problems = [...keys, chained?.roleARN].flatMap((key) => (key ? valueProblems(key, readers) : []));
  if (type === 'iamRole' && iamRole?.token.from === 'secret' && !token) {
    problems.push('Additional secret spec is required when bearer token is sourced from a secret');
  }
  if (type === 'iamRole' && roleArnAt(readers.readSecret, iamRole?.roleARN) === undefined) {
    problems.push('AWS RoleARN is invalid');
  }
  return chained ? [...problems, ...assumeRoleProblems(chained, readers)] : problems;
}

function assumeRoleProblems({ roleARN, externalID }: AssumeRole, { readSecret }: ValueReaders): string[] {
  const problems = roleArnAt(readSecret, roleARN) === undefined ? ['AWS AssumeRole RoleARN is invalid'] : [];
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
