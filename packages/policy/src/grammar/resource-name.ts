// Which patterns a Resource element may hold, in IAM's words. Source of the wordings: the validation table
// of moto 5, which was checked against AWS.

const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'];
const iamPaths = (
  'user/ federated-user/ role/ group/ instance-profile/ mfa/ server-certificate/ policy/ sms-mfa/ ' +
  'saml-provider/ oidc-provider/ report/ access-report/'
).split(' ');

/** AWS's sentence on what is wrong with a pattern, or undefined when nothing is. */
export function resourceFault(pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  const [scheme, partition = '', service = '', ...rest] = pattern.split(':');
  if (scheme !== 'arn') return `Resource ${pattern} must be in ARN format or "*".`;
  if (!/[*?]/.test(partition) && !partitions.includes(partition)) {
    return `Partition "${partition}" is not valid for resource "${pattern}".`;
  }
  return (
    vendorFault(pattern, service) ??
    legacyFault(pattern, rest) ??
    regionFault(pattern, service, rest) ??
    pathFault(service, rest[2])
  );
}

function vendorFault(pattern: string, service: string): string | undefined {
  // `arn:*` is short for all that begins so.
  if (service === '' && pattern.endsWith('*')) return undefined;
  const qualified = service !== '' && !/[?*]/.test(service);
  return qualified ? undefined : 'Resource vendor must be fully qualified and cannot contain regexes.';
}

/** All six parts are there, or the last that is there is a star: `arn:aws:s3:*`. */
function legacyFault(pattern: string, rest: readonly string[]): string | undefined {
  return rest.length >= 3 || pattern.endsWith('*') ? undefined : 'The policy failed legacy parsing';
}

/** Buckets and objects have neither region nor account; access points and jobs have both. */
function regionFault(
  pattern: string,
  service: string,
  [region = '', account]: readonly string[],
): string | undefined {
  if (region === '' || region === '*') return undefined;
  if (service === 'iam') return `IAM resource ${pattern} cannot contain region information.`;
  return service === 's3' && account === ''
    ? `Resource ${pattern} can not contain region information.`
    : undefined;
}

function pathFault(service: string, path: string | undefined): string | undefined {
  if (service !== 'iam' || path === undefined) return undefined;
  const known = path.startsWith('*') || path === 'root' || iamPaths.some((start) => path.startsWith(start));
  return known ? undefined : `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`;
}
