// ARNs of roles, as requests name them.

export interface RoleAddress {
  readonly account: string;
  readonly roleName: string;
}

const ROLE_ARN = /^arn:aws[a-z0-9-]*:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;

/** The account and name of a role ARN, or undefined when it is not one. */
export function parseRoleArn(arn: string): RoleAddress | undefined {
  const match = ROLE_ARN.exec(arn);
  return match?.[1] && match[2] ? { account: match[1], roleName: match[2] } : undefined;
}
