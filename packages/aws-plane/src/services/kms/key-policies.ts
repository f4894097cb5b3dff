// PutKeyPolicy, GetKeyPolicy, ListKeyPolicies, and the rules for the one policy that every key has.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
import type {
  GetKeyPolicyRequest,
  GetKeyPolicyResponse,
  ListKeyPoliciesRequest,
  ListKeyPoliciesResponse,
  PutKeyPolicyRequest,
} from '@aws-sdk/client-kms';
import { parsePolicy } from '@pergola/policy';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { checkOnKey, compiledPolicy, onKey } from './access.ts';
import { changeKey, keyById } from './change-key.ts';
import { faults } from './faults.ts';
import type { KeyName } from './key-names.ts';

const NAME = 'default';

/** Leaves the decision to the policies of the account's identities. */
export function defaultPolicy(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/** Throws MalformedPolicyDocumentException for a policy that KMS would not take for the key. */
export function assertKeyPolicy(
  call: Call,
  name: KeyName,
  {
    text,
    bypassLockoutCheck = false,
  }: { readonly text: string; readonly bypassLockoutCheck?: boolean | undefined },
): void {
  const parsed = parsePolicy(text, 'resource');
  if (!parsed.ok) throw faults.malformedPolicy(parsed.error.message);
  for (const { principal } of parsed.value.statements) {
    const stranger = principal?.aws.find((arn) => !isPrincipal(call, arn));
    if (stranger !== undefined)
      throw faults.malformedPolicy('Policy contains a statement with one or more invalid principals.');
  }
  if (bypassLockoutCheck) return;
  const check = checkOnKey(call, 'kms:PutKeyPolicy', name);
  const policy = { name: 'key-policy:new', policy: compiledPolicy(text) };
  const denial = call.denialOf({
    ...check,
    resourceAccount: name.account,
    resourcePolicy: policy,
    resourceMode: 'required',
  });
  if (denial) throw faults.lockout();
}

function isPrincipal(call: Call, arn: string): boolean {
  const [, account = '', kind, path = ''] = /^arn:aws:iam::(\d{12}):(user|role)\/(.+)$/.exec(arn) ?? [];
  if (account !== call.account)
    return arn === '*' || /^\d{12}$/.test(arn) || /^arn:aws:(iam|sts)::\d{12}:.+$/.test(arn);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const { identities } = call.plane.ports;
  const found = kind === 'user' ? identities.findUser(account, name) : identities.findRole(account, name);
  return found?.arn === arn;
}

export const putKeyPolicy = defineOperation<PutKeyPolicyRequest, object>({
  name: 'PutKeyPolicy',
  access: onKey('PutKeyPolicy'),
  async handle(call, { KeyId = '', Policy: text = '', PolicyName = NAME, BypassPolicyLockoutSafetyCheck }) {
    if (PolicyName !== NAME) throw faults.noSuchPolicy();
    const key = keyById(call, KeyId);
    assertKeyPolicy(call, key, { text, bypassLockoutCheck: BypassPolicyLockoutSafetyCheck });
    await changeKey(call, KeyId, (before) => ({ ...before, policy: text }));
    return {};
  },
});

export const getKeyPolicy = defineOperation<GetKeyPolicyRequest, GetKeyPolicyResponse>({
  name: 'GetKeyPolicy',
  access: onKey('GetKeyPolicy'),
  handle(call, { KeyId = '', PolicyName = NAME }) {
    const key = keyById(call, KeyId);
    if (PolicyName !== NAME) throw faults.noSuchPolicy();
    return { Policy: key.policy, PolicyName };
  },
});

export const listKeyPolicies = defineOperation<ListKeyPoliciesRequest, ListKeyPoliciesResponse>({
  name: 'ListKeyPolicies',
  access: onKey('ListKeyPolicies'),
  handle(call, { KeyId = '' }) {
    keyById(call, KeyId);
    return { PolicyNames: [NAME], Truncated: false };
  },
});
