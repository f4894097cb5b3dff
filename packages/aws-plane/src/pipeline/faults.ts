// The faults that the pipeline itself raises, each in the code, status and words of the protocol in use.
import type { Protocol } from '@pergola/aws-model';
import { AwsFault } from '../fault.ts';

/** The families of error catalogues. */
export type Family = 'query' | 'ec2' | 'json' | 's3';

export function familyOf(protocol: Protocol): Family {
  if (protocol === 'restXml') return 's3';
  if (protocol === 'ec2Query') return 'ec2';
  return protocol === 'awsQuery' ? 'query' : 'json';
}

/** A fault whose code and status depend on the family. */
function perFamily(rows: Readonly<Record<Family, readonly [code: string, status: number]>>) {
  return (family: Family, message: string, fields: Readonly<Record<string, string>> = {}): AwsFault => {
    const [code, status] = rows[family];
    return new AwsFault(code, status, message, fields);
  };
}

export const accessDenied = perFamily({
  query: ['AccessDenied', 403],
  ec2: ['UnauthorizedOperation', 403],
  json: ['AccessDeniedException', 400],
  s3: ['AccessDenied', 403],
});

export const notImplemented = perFamily({
  query: ['NotImplemented', 501],
  ec2: ['NotImplemented', 501],
  json: ['NotImplementedException', 501],
  s3: ['NotImplemented', 501],
});

export const internalFailure = perFamily({
  query: ['InternalFailure', 500],
  ec2: ['InternalError', 500],
  json: ['InternalFailure', 500],
  s3: ['InternalError', 500],
});

export const bodyTooLarge = perFamily({
  query: ['RequestEntityTooLarge', 413],
  ec2: ['RequestEntityTooLarge', 413],
  json: ['RequestEntityTooLargeException', 413],
  s3: ['MaxMessageLengthExceeded', 400],
});

export const unreadableBody = perFamily({
  query: ['MalformedInput', 400],
  ec2: ['InvalidParameterValue', 400],
  json: ['SerializationException', 400],
  s3: ['InvalidRequest', 400],
});

/** The client went away or sent less than it announced. */
export function incompleteBody(): AwsFault {
  return new AwsFault(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}
