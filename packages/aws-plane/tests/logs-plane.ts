// CloudWatch Logs behind the real pipeline on 127.0.0.1.
import { CloudWatchLogsClient, type CloudWatchLogsClientConfig } from '@aws-sdk/client-cloudwatch-logs';
import { logs } from '../src/services/logs/service.ts';
import { s3 } from '../src/services/s3/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane, type TestPlaneOptions } from './plane.ts';

export interface LogsPlane extends AsyncDisposable {
  readonly test: TestPlane;
  client(config?: Partial<CloudWatchLogsClientConfig>): CloudWatchLogsClient;
}

export async function startLogsPlane(options: TestPlaneOptions = {}): Promise<LogsPlane> {
  const test = await startTestPlane({ ...options, services: [logs, s3] });
  await logs.start?.(test.plane);
  const clients: CloudWatchLogsClient[] = [];
  return {
    test,
    client(config = {}) {
      const client = new CloudWatchLogsClient({
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
