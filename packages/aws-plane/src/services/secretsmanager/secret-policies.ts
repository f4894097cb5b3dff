// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy, ValidateResourcePolicy.
import type {
  DeleteResourcePolicyRequest,
  DeleteResourcePolicyResponse,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
  ValidateResourcePolicyRequest,
  ValidateResourcePolicyResponse,
} from '@aws-sdk/client-secrets-manager';
import { parsePolicy, type PolicyDocument } from '@pergola/policy';
import type { Call } from '../../call.ts';
import { defineOperation, iam } from '../../operation.ts';
import { onSecret } from './access.ts';
import { changeSecret } from './change-secret.ts';
import { faults } from './faults.ts';
import { existingSecret, secretArn } from './secret-names.ts';

/** Throws MalformedPolicyDocumentException. */
function readPolicy(call: Call, text: string): PolicyDocument {
  const parsed = parsePolicy(text, 'resource');
  if (!parsed.ok) throw faults.malformedPolicy(parsed.error.message);
  for (const { principal, action } of parsed.value.statements) {
    const stranger = principal?.aws.find((arn) => !isPrincipal(call, arn));
    if (stranger !== undefined)
      throw faults.malformedPolicy('This resource policy contains an unsupported principal.');
    if (action.patterns.some((pattern) => pattern !== '*' && !/^secretsmanager:/i.test(pattern)))
      throw faults.malformedPolicy('This resource policy contains an unsupported action.');
  }
  return parsed.value;
}

/** Users and roles of this account must exist; those of others are taken as written. */
function isPrincipal(call: Call, arn: string): boolean {
  const [, account, kind, path = ''] = /^arn:aws:iam::(\d{12}):(user|role)\/(.+)$/.exec(arn) ?? [];
  if (account !== call.account)
    return arn === '*' || /^\d{12}$/.test(arn) || /^arn:aws:(iam|sts)::\d{12}:.+$/.test(arn);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const { identities } = call.plane.ports;
  const found = kind === 'user' ? identities.findUser(account, name) : identities.findRole(account, name);
  return found?.arn === arn;
}

/** Whether some statement allows everyone, without any condition. */
function isPublic({ statements }: PolicyDocument): boolean {
  return statements.some(
    ({ effect, principal, conditions }) =>
      effect === 'Allow' &&
      conditions.length === 0 &&
      principal !== undefined &&
      (principal.negated || principal.everyone || principal.aws.includes('*')),
  );
}

export const putResourcePolicy = defineOperation<PutResourcePolicyRequest, PutResourcePolicyResponse>({
  name: 'PutResourcePolicy',
  access: onSecret('PutResourcePolicy', ({ BlockPublicPolicy }) => ({
    'secretsmanager:BlockPublicPolicy': String(BlockPublicPolicy ?? false),
  })),
  async handle(call, { SecretId, ResourcePolicy: text = '', BlockPublicPolicy }) {
    const document = readPolicy(call, text);
    if (BlockPublicPolicy === true && isPublic(document)) throw faults.publicPolicy();
    const secret = await changeSecret(call, SecretId, (now) => ({ ...now, policy: text }));
    return { ARN: secretArn(secret), Name: secret.name };
  },
});

export const getResourcePolicy = defineOperation<GetResourcePolicyRequest, GetResourcePolicyResponse>({
  name: 'GetResourcePolicy',
  access: onSecret('GetResourcePolicy'),
  handle(call, { SecretId }) {
    const { policy, ...secret } = existingSecret(call, SecretId);
    return {
      ARN: secretArn(secret),
      Name: secret.name,
      ...(policy !== undefined && { ResourcePolicy: policy }),
    };
  },
});

export const deleteResourcePolicy = defineOperation<
  DeleteResourcePolicyRequest,
  DeleteResourcePolicyResponse
>({
  name: 'DeleteResourcePolicy',
  access: onSecret('DeleteResourcePolicy'),
  async handle(call, { SecretId }) {
    const secret = await changeSecret(call, SecretId, (now) => ({ ...now, policy: undefined }));
    return { ARN: secretArn(secret), Name: secret.name };
  },
});

export const validateResourcePolicy = defineOperation<
  ValidateResourcePolicyRequest,
  ValidateResourcePolicyResponse
>({
  name: 'ValidateResourcePolicy',
  access: iam('secretsmanager:ValidateResourcePolicy'),
  handle(call, { ResourcePolicy: text = '' }) {
    const document = readPolicy(call, text);
    if (!isPublic(document)) return { PolicyValidationPassed: true, ValidationErrors: [] };
    const ErrorMessage = 'The policy allows public access.';
    return {
      PolicyValidationPassed: false,
      ValidationErrors: [{ CheckName: 'RESOURCE_POLICY_PUBLIC_ACCESS', ErrorMessage }],
    };
  },
});
