// A program for isolation.test.ts: starts one container that lives on, says what it saw, and waits to be killed.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import { chooseIsolation } from '../src/isolation/choose.ts';

const [, , wanted = 'auto', mark = ''] = process.argv;
const directory = mkdtempSync(join(import.meta.dirname, 'run-'));
const logger = { debug() {}, info() {}, warn() {}, error() {} } as never as Logger;
const isolation = await chooseIsolation({
  wanted: wanted as 'auto' | 'none',
  directory,
  hidden: [],
  shown: [],
  searchPath: [],
  logger,
});
const scratch = join(directory, 'scratch');
mkdirSync(scratch);
const script = `touch /usr/x-${mark} 2>&1; rm -f /usr/x-${mark}; echo done; sleep 1000 & sh -c 'sleep 1000; echo ${mark}'`;
const running = await isolation.launch({
  argv: ['sh', '-c', script],
  env: { PATH: '/usr/bin:/bin' },
  cwd: '/',
  tty: false,
  stdin: false,
  mounts: [],
  hostname: 'test',
  scratch,
});
let output = '';
for await (const chunk of running.stdout) {
  output += String(chunk);
  if (output.includes('done')) break;
}
process.stdout.write(`${JSON.stringify({ kind: isolation.kind, reason: isolation.reason, output })}\n`);
await new Promise(() => setInterval(() => {}, 1000));
