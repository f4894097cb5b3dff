// What the operations ask of policies: the key's own policy decides whether anybody may be granted anything.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
import { LruMap } from '@pergola/kernel';
import { compilePolicy, type CompiledPolicy, parsePolicy } from '@pergola/policy';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { keyArn, type KeyName, namedKey, parseKeyName } from './key-names.ts';
import { policyTextOf } from './managed-keys.ts';
import type { EncryptionContext } from './material.ts';
import { listAliases } from './state.ts';

type Context = Record<string, string | readonly string[]>;

/** By text, so that it cannot be stale and planes may share it. */
const compiled = new LruMap<string, CompiledPolicy>(256);

export function compiledPolicy(text: string): CompiledPolicy {
  const known = compiled.get(text);
  if (known) return known;
  const parsed = parsePolicy(text, 'resource');
  if (!parsed.ok) throw new Error(`a stored key policy is malformed: ${parsed.error.message}`);
  const made = compilePolicy(parsed.value);
  compiled.set(text, made);
  return made;
}

/** A check on one key. One that nobody has is asked about by identity policies alone, and then not found. */
export function checkOnKey(call: Call, action: string, name: KeyName, more: Context = {}): AccessCheck {
  const resource = keyArn(name, name.id);
  const text = policyTextOf(call, name);
  const context = { ...keyContext(call, name), ...more };
  if (text === undefined) return { action, resource, context };
  return {
    action,
    resource,
    context,
    resourceAccount: name.account,
    resourcePolicy: { name: `key-policy:${name.id}`, policy: compiledPolicy(text) },
    resourceMode: 'required',
  };
}

function keyContext(call: Call, name: KeyName): Context {
  const key = namedKey(call, name);
  const { facts } = call.principal;
  const context: Context = {
    'kms:CallerAccount': 'account' in facts ? facts.account : call.account,
    'kms:KeySpec': 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:MultiRegion': 'false',
  };
  for (const [tag, value] of Object.entries(key?.tags ?? {})) context[`aws:ResourceTag/${tag}`] = value;
  if (name.alias !== undefined) context['kms:RequestAlias'] = name.alias;
  const aliases = listAliases(call.plane.store, name).filter(({ keyId }) => keyId === name.id);
  if (aliases.length > 0) context['kms:ResourceAliases'] = aliases.map((alias) => alias.name);
  return context;
}

interface KeyInput {
  readonly KeyId?: string | undefined;
}

/** One action on the key that the input names. */
export function onKey<Input extends KeyInput>(
  action: string,
  contextOf: (input: Input) => Context = () => ({}),
): Access<Input> {
  return {
    iam: (input, call) => [
      checkOnKey(call, `kms:${action}`, parseKeyName(call, input.KeyId ?? ''), contextOf(input)),
    ],
  };
}

export function encryptionContextKeys(context: EncryptionContext | undefined): Context {
  const entries = Object.entries(context ?? {});
  if (entries.length === 0) return {};
  const values = entries.map(([key, value]) => [`kms:EncryptionContext:${key}`, value] as const);
  return { ...Object.fromEntries(values), 'kms:EncryptionContextKeys': entries.map(([key]) => key) };
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
