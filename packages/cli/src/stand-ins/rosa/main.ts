// A small `rosa`: describe and list clusters, whoami, over the OCM endpoints that the real one reads.
// On PATH only where rosa is absent.
import { readEnv } from '@pergola/kernel';
import { openCluster } from '../oc/cluster.ts';
import { describeCluster, listClusters, whoami } from './clusters.ts';

async function main(argv: readonly string[]): Promise<number> {
  try {
    const words = argv.filter((word) => !word.startsWith('-'));
    if (argv[0] === 'version') {
      process.stdout.write('1.2.50 (Pergola stand-in)\n');
      return 0;
    }
    const cluster = openCluster(readEnv());
    const name = words.slice(0, 2).join(' ');
    if (name === 'describe cluster') return await describeCluster(cluster, argv);
    if (name === 'list clusters' || name === 'list cluster') return await listClusters(cluster, argv);
    if (words[0] === 'whoami') return await whoami(cluster, argv);
    throw new Error(
      `this small rosa has no '${name}'; it has: describe cluster, list clusters, whoami, version`,
    );
  } catch (error) {
    process.stderr.write(`ERR: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
