// Loopback addresses for engines: one each, so that all of them may keep the port they were asked for.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { EnginePlace } from '../contract.ts';

/** Addresses are 127.83.x.y, by number. */
const ADDRESSES = 254 * 254;
const TRIES = 200;

interface Kept {
  readonly host: string;
  readonly port: number;
}

/** Remembers who listens where, in a file. */
export interface Places {
  /** The place of `owner`: the one it had, when it may be had again, else a new one with the port that is wanted. */
  reserve(owner: string, port: number): Promise<EnginePlace>;
  release(owner: string): Promise<void>;
}

function addressOf(number: number): string {
  return `127.83.${Math.floor(number / 254) + 1}.${(number % 254) + 1}`;
}

/** True when something could listen there now; `unusable` when the system does not have the address. */
function probe(host: string, port: number): Promise<number | 'taken' | 'unusable'> {
  return new Promise((resolve) => {
    // Whoever connects meanwhile would keep the probe from closing.
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'taken' : 'unusable'),
    );
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const got = address !== null && typeof address === 'object' ? address.port : port;
      server.close(() => resolve(got));
    });
  });
}

/** Opens the list kept in `file`. Sandboxes on one machine begin at different numbers, drawn by `fraction`. */
export async function openPlaces(file: string, fraction: () => number): Promise<Places> {
  const kept = new Map<string, Kept>(Object.entries(await readPlaces(file)));
  let saving: Promise<void> = Promise.resolve();
  let reserving: Promise<unknown> = Promise.resolve();

  const save = () => {
    const saved = saving.then(() => writePlaces(file, Object.fromEntries(kept)));
    saving = saved.catch(() => {}); // NOTE: whoever waits for `saved` hears of it.
    return saved;
  };

  const find = async (owner: string, port: number): Promise<Kept> => {
    const known = kept.get(owner);
    if (known?.port === port || (known && known.host === '127.0.0.1')) {
      if (typeof (await probe(known.host, known.port)) === 'number') return known;
    }
    const taken = new Set([...kept.values()].map(({ host }) => host));
    if (known) taken.delete(known.host);
    const first = known ? numberOf(known.host) : Math.floor(fraction() * ADDRESSES);
    for (let step = 0; step < TRIES; step++) {
      const host = addressOf((first + step) % ADDRESSES);
      const answer = taken.has(host) ? 'taken' : await probe(host, port);
      if (typeof answer === 'number') return { host, port: answer };
      if (answer === 'unusable') break;
    }
    return onlyLoopback(port);
  };

  return {
    reserve(owner, port) {
      const reserved = reserving.then(async () => {
        const place = await find(owner, port);
        kept.set(owner, place);
        await save();
        return place;
      });
      reserving = reserved.catch(() => {});
      return reserved;
    },
    async release(owner) {
      if (kept.delete(owner)) await save();
    },
  };
}

async function writePlaces(file: string, places: Record<string, Kept>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(places), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function numberOf(host: string): number {
  const [, , high = '1', low = '1'] = host.split('.');
  return Math.max(0, (Number(high) - 1) * 254 + Number(low) - 1) % ADDRESSES;
}

/** Where the system has one loopback address only (macOS): the port that is wanted, or any. */
async function onlyLoopback(port: number): Promise<Kept> {
  for (const wanted of [port, 0]) {
    const got = await probe('127.0.0.1', wanted);
    if (typeof got === 'number') return { host: '127.0.0.1', port: got };
  }
  throw new Error('no port of 127.0.0.1 is free');
}

async function readPlaces(file: string): Promise<Record<string, Kept>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, Kept>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
