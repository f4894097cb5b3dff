// What the operations ask of policies: the action, the ARN, the tags and the secret's own policy.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
import { LruMap } from '@pergola/kernel';
import { compilePolicy, type CompiledPolicy, parsePolicy } from '@pergola/policy';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { faults } from './faults.ts';
import { secretArn, secretNamed } from './secret-names.ts';
import type { Secret } from './state.ts';

export type Context = Record<string, string | readonly string[]>;

/** By text, so that it cannot be stale and planes may share it. */
const compiled = new LruMap<string, CompiledPolicy>(256);

function compiledPolicy(text: string): CompiledPolicy {
  const known = compiled.get(text);
  if (known) return known;
  const parsed = parsePolicy(text, 'resource');
  if (!parsed.ok) throw new Error(`a stored policy of a secret is malformed: ${parsed.error.message}`);
  const made = compilePolicy(parsed.value);
  compiled.set(text, made);
  return made;
}

interface SecretInput {
  readonly SecretId?: string | undefined;
}

/** One action on the secret that the input names. */
export function onSecret<Input extends SecretInput>(
  operation: string,
  contextOf: (input: Input) => Context = () => ({}),
): Access<Input> {
  return {
    iam: (input, call) => [
      checkOnSecret(call, `secretsmanager:${operation}`, input.SecretId ?? '', contextOf(input)),
    ],
  };
}

/** A secret that is not there is asked about by its name, so that it is not the denial that tells. */
export function checkOnSecret(call: Call, action: string, id: string, more: Context = {}): AccessCheck {
  const { account, region, name, found } = secretNamed(call, id);
  const resource = found ? secretArn(found) : `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;
  const context: Context = { 'secretsmanager:SecretId': resource, ...tagContext(found), ...more };
  const text = found?.policy;
  return {
    action,
    resource,
    context,
    resourceAccount: account,
    ...(text !== undefined && {
      resourcePolicy: { name: `secret-policy:${name}`, policy: compiledPolicy(text) },
    }),
  };
}

function tagContext(secret: Secret | undefined): Context {
  return Object.fromEntries(
    Object.entries(secret?.tags ?? {}).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`secretsmanager:ResourceTag/${key}`, value],
    ]),
  );
}

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTagContext(
  tags: Readonly<Record<string, string>>,
  goneKeys: readonly string[] = [],
): Context {
  const keys = [...Object.keys(tags), ...goneKeys];
  if (keys.length === 0) return {};
  const values = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
  return { ...Object.fromEntries(values), 'aws:TagKeys': keys };
}

/** Whether a service of AWS makes the call in its caller's name: nothing from outside comes without an address. */
export function isInside({ transport }: Call): boolean {
  return transport.sourceIp === '';
}

/** Throws for a change of a secret that belongs to a service, unless that service makes it. */
export function assertOwn(call: Call, { owner }: Secret): void {
  if (owner !== undefined && !isInside(call)) throw faults.ownedBy(owner);
}
