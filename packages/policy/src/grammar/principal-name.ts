// Which names a Principal element may hold. Whether they exist is for IAM to say, not for the grammar.

const awsNames = [
  /^\*$/,
  /^\d{12}$/,
  /^arn:aws[a-z-]*:iam::\d{12}:root$/,
  /^arn:aws[a-z-]*:iam::\d{12}:(?:user|role)\/[!-~]+$/,
  /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/,
  /^arn:aws[a-z-]*:sts::\d{12}:federated-user\/[\w+=,.@-]+$/,
  /^A(?:IDA|ROA)[A-Z0-9]{12,124}$/,
];
const domain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;
const provider = /^arn:aws[a-z-]*:iam::\d{12}:(?:saml|oidc)-provider\/[^\s*]+$/;

/** Why `name` is no principal of this type, or undefined when it is one. */
export function principalFault(type: string, name: string): string | undefined {
  if (type === 'Federated') {
    return domain.test(name) || provider.test(name)
      ? undefined
      : `"${name}" is neither a domain name nor the ARN of a SAML or OIDC provider`;
  }
  if (type === 'Service') return domain.test(name) ? undefined : `"${name}" is no service principal`;
  if (name !== '*' && /[*?]/.test(name) && awsNames.slice(2).some((pattern) => pattern.test(name))) {
    return `"${name}" has a wildcard: principals are named in full, or by a condition on aws:PrincipalArn`;
  }
  return awsNames.some((pattern) => pattern.test(name))
    ? undefined
    : `"${name}" is neither an account, nor the ARN of a user, role or session`;
}
