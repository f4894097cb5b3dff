// The process that logs-crash.test.ts kills: puts batches of events through the whole endpoint, four at a time, and
// reports each acknowledged one.
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import { startAwsPlane } from '../src/index.ts';

const dataDir = process.argv[2] ?? '';
const plane = await startAwsPlane({
  store: openStore({ path: join(dataDir, 'store') }),
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  dataDir,
  port: 0,
});
const client = new CloudWatchLogsClient({
  region: 'us-east-1',
  endpoint: plane.url,
  credentials: plane.administrator,
  maxAttempts: 1,
});
const logGroupName = 'crash';
await client.send(new CreateLogGroupCommand({ logGroupName }));
await Promise.all(
  [0, 1, 2, 3].map(async (lane) => {
    const logStreamName = `lane-${lane}`;
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    for (let batch = 0; batch < 10_000; batch++) {
      const logEvents = Array.from({ length: 50 }, (_, n) => ({
        timestamp: Date.now(),
        message: `${lane}/${batch}/${n} ${'x'.repeat(200)}`,
      })).sort((a, b) => a.timestamp - b.timestamp);
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      process.send?.({ lane, batch });
    }
  }),
);
