// A collector in a process of its own, for tests that kill it. Arguments: the node's folder and the configuration.
import { createLogger, systemClock, systemRandom } from '@pergola/kernel';
import { join } from 'node:path';
import { logPathsIn } from '../src/collector/log-paths.ts';
import { startCollector } from '../src/collector/start-collector.ts';

const [root = '', configPath = ''] = process.argv.slice(2);

await startCollector({
  configPath,
  nodeName: 'node-1',
  namespace: 'openshift-logging',
  collectorName: 'collector',
  paths: logPathsIn(join(root, 'log')),
  dataDir: join(root, 'data'),
  clock: systemClock,
  random: systemRandom,
  logger: createLogger('error'),
  env: {},
  // Small, so that an outage of a moment fills memory and reaches the disk.
  memoryBytesMax: 200_000,
  lingerMs: 20,
});
process.stdout.write('started\n');
// The collector's timers keep nothing alive; whoever started this process ends it.
process.stdin.resume();
