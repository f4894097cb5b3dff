// Calls of DynamoDB as they are on the wire: clients refuse to send some of what others may, and lose some of the answers.
import { signRequest } from '@pergola/sigv4';
import { adminKey, secretAccessKey } from './plane.ts';
import type { DynamoPlane } from './dynamodb-plane.ts';

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends a body as it is. */
export async function rawCall({ test }: DynamoPlane, operation: string, body: string): Promise<RawAnswer> {
  const target = `DynamoDB_20120810.${operation}`;
  const headers = signRequest(
    {
      method: 'POST',
      path: '/',
      query: '',
      headers: {
        host: `127.0.0.1:${test.port}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
      },
    },
    {
      credentials: { accessKeyId: adminKey, secretAccessKey },
      region: 'us-east-1',
      service: 'dynamodb',
      nowMs: Date.now(),
      body,
    },
  );
  const answer = await fetch(test.url, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}
