// Databases: from the request to the first answer of SQL, cold and from the template, and what a server takes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseEngine, openEngineHost } from '@pergola/engines';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';
import { Client } from 'pg';
import type { Figure, Measure } from '../measure.ts';

const pki = { clock: systemClock, random: systemRandom };
const master = { user: 'bench', password: 'bench-password' };

/** In this process: the sandbox's own share is the same, and what counts is the server's. */
export const databaseStart: Measure = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-bench-'));
  const ca = await createCa(pki, 'bench');
  const host = await openEngineHost({
    ...pki,
    dataDir,
    logger: silentLogger,
    durability: 'durable',
    certify: (hosts) => issueCertificate(pki, ca, { commonName: 'bench', hosts, usage: 'server' }),
  });
  try {
    const create = (id: string) =>
      timed(async () => {
        const database = await host.createDatabase({
          id,
          engine: 'postgres',
          version: '14',
          port: 5432,
          master,
          database: 'app',
          parameters: {},
        });
        await firstAnswer(database);
        return database;
      });
    const cold = await create('cold');
    const warm = [await create('warm-1'), await create('warm-2'), await create('warm-3')];
    const snapshot = await timed(() => cold.result.snapshot('bench'));
    const figures: Figure[] = [
      { name: 'PostgreSQL create to SQL, cold', value: ms(cold.wallMs), note: 'initdb included' },
      {
        name: 'PostgreSQL create to SQL',
        value: ms(median(warm.map(({ wallMs }) => wallMs))),
        note: 'median of 3',
      },
      { name: 'PostgreSQL snapshot', value: ms(snapshot.wallMs) },
      {
        name: 'PostgreSQL idle memory',
        value: `${Math.round(serversMiB() / 4)} MiB`,
        note: 'PSS of all processes',
      },
    ];
    return figures;
  } finally {
    await host[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
};

async function firstAnswer(database: DatabaseEngine): Promise<void> {
  const client = new Client({ ...database.place, ...master, database: 'app' });
  await client.connect();
  await client.query('select 1');
  await client.end();
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; wallMs: number }> {
  const startMs = performance.now();
  const result = await work();
  return { result, wallMs: performance.now() - startMs };
}

const ms = (value: number) => `${Math.round(value)} ms`;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Proportional set size of the servers below this process: what is shared counts once. */
function serversMiB(): number {
  const parents = new Map<string, string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = /PPid:\s+(\d+)/.exec(readText(`/proc/${pid}/status`))?.[1];
    if (parent !== undefined) parents.set(pid, parent);
  }
  const isBelow = (pid: string): boolean => {
    const parent = parents.get(pid);
    return parent === String(process.pid) || (parent !== undefined && parent !== '0' && isBelow(parent));
  };
  const kib = [...parents.keys()]
    .filter((pid) => readText(`/proc/${pid}/comm`).trim() === 'postgres' && isBelow(pid))
    .map((pid) => Number(/^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kib.reduce((sum, value) => sum + value, 0) / 1_024;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}
