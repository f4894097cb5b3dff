// EC2 behind the real pipeline on 127.0.0.1.
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { ec2 } from '../src/services/ec2/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane } from './plane.ts';

export interface Ec2Plane extends AsyncDisposable {
  readonly test: TestPlane;
  client(config?: Partial<EC2ClientConfig>): EC2Client;
}

export async function startEc2Plane(): Promise<Ec2Plane> {
  const test = await startTestPlane({ services: [ec2] });
  const clients: EC2Client[] = [];
  return {
    test,
    client(config = {}) {
      const client = new EC2Client({
        region: 'us-east-1',
        endpoint: test.url,
        credentials: { accessKeyId: adminKey, secretAccessKey },
        maxAttempts: 1,
        ...config,
      });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await test[Symbol.asyncDispose]();
    },
  };
}
