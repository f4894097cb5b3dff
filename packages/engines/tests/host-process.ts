// A host of engines in a process of its own, for tests that kill it: opens or makes one database, says where it listens.
import { openTestHost, settingsOf } from './host.ts';

const { host } = await openTestHost({ dataDir: process.argv[2]!, durability: 'durable' });
const settings = settingsOf('killed');
const found = await host.openDatabase(settings);
await found?.start();
const engine = found ?? (await host.createDatabase(settings));
process.stdout.write(`${JSON.stringify(engine.place)}\n`);
process.stdin.resume();
