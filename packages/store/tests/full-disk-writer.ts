// Writes to both stores until their files may not grow any more, and tells what it was told.
import { join } from 'node:path';
import { openByteStore, openStore } from '../src/index.ts';

const [, , path = ''] = process.argv;
const store = openStore({ path: join(path, 'text') });
const bytes = openByteStore({ path: join(path, 'bytes'), durability: 'durable' });
const PART = 100_000;

/** How many writes were answered, and whether some are refused in the end, one after the other. */
async function fill(write: (at: number) => Promise<unknown>): Promise<{ written: number; refused: number }> {
  let [written, refused] = [0, 0];
  for (let at = 0; at < 100 && refused < 3; at += 1) {
    try {
      await write(at);
      written += 1;
    } catch {
      refused += 1;
    }
  }
  return { written, refused };
}

const text = await fill((at) => store.transact((tx) => tx.put(`key-${at}`, 'x'.repeat(PART))));
const parts = await fill((at) =>
  bytes.transact((tx) => {
    for (const part of [0, 1, 2]) tx.put(Buffer.from(`${at}/${part}`), Buffer.alloc(PART));
  }),
);
// Whatever is rejected without anybody to hear it is so by now.
await new Promise((resolve) => setImmediate(resolve));
const there = (at: number) => [0, 1, 2].filter((part) => bytes.get(Buffer.from(`${at}/${part}`))).length;
process.stdout.write(
  JSON.stringify({
    text: { ...text, kept: store.list('key-').length, revision: store.revision() },
    bytes: { ...parts, first: there(0), last: there(parts.written - 1), next: there(parts.written) },
  }),
);
process.exit(0);
