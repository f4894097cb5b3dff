// A host with a cache by the machine's server in a process of its own, for tests that kill it.
import { openCacheHost } from './cache.fixture.ts';

const host = await openCacheHost(process.argv[2], 'host');
const cache = await host.create({ id: 'killed' });
await host.client(cache).set('a', '1');
process.stdout.write(`${JSON.stringify(cache.place)}\n`);
process.stdin.resume();
