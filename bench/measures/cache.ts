// ElastiCache's embedded server: commands one after another and in pipelines, over one connection each.
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { measureRate } from '../load.ts';
import { type Measure, rateFigure } from '../measure.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import { awsCaller } from '../wire.ts';

const PIPELINE = 200;
const CONNECTIONS = 4;

/** Makes a cache and resolves with its place when it is available. */
async function makeCache(sandbox: SandboxProcess): Promise<{ readonly host: string; readonly port: number }> {
  const call = awsCaller(sandbox, 'elasticache');
  const ask = (action: string, parameters: string) =>
    call('POST', '/', `Action=${action}&Version=2015-02-02&CacheClusterId=bench${parameters}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
  await ask('CreateCacheCluster', '&Engine=redis&CacheNodeType=cache.r7g.large&NumCacheNodes=1');
  for (;;) {
    const { body } = await ask('DescribeCacheClusters', '&ShowCacheNodeInfo=true');
    const [, host] = /<Address>([^<]+)<\/Address>/.exec(body) ?? [];
    const [, port] = /<Port>(\d+)<\/Port>/.exec(body) ?? [];
    if (body.includes('>available<') && host && port) return { host, port: Number(port) };
    await sleep(20);
  }
}

interface Client {
  readonly socket: Socket;
  /** Sends bytes, and resolves when answers of this many bytes have come. */
  ask(bytes: Buffer, answerBytes: number): Promise<void>;
}

async function openClient(place: { host: string; port: number }): Promise<Client> {
  const socket = connect(place);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.setNoDelay(true);
  let missing = 0;
  let done = () => {};
  socket.on('data', (chunk) => {
    missing -= chunk.length;
    if (missing <= 0) done();
  });
  return {
    socket,
    ask(bytes, answerBytes) {
      missing = answerBytes;
      const answered = new Promise<void>((resolve) => (done = resolve));
      socket.write(bytes);
      return answered;
    },
  };
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

const value = 'x'.repeat(100);
const keyOf = (index: number) => `key:${String(index % 10_000).padStart(12, '0')}`;
const pipelined = (one: (index: number) => string) =>
  Array.from({ length: 20 }, (_, batch) =>
    Buffer.from(Array.from({ length: PIPELINE }, (_, at) => one(batch * PIPELINE + at)).join('')),
  );

export const cacheCommands: Measure = async (sandbox) => {
  const place = await makeCache(sandbox);
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => openClient(place)));
  const sets = pipelined((index) => command('SET', keyOf(index), value));
  const gets = pipelined((index) => command('GET', keyOf(index)));
  const adds = pipelined((index) => command('ZADD', 'board', String(index), keyOf(index)));
  const okBytes = '+OK\r\n'.length;
  const valueBytes = `$100\r\n${value}\r\n`.length;
  const integerBytes = ':0\r\n'.length;
  const run = async (batches: readonly Buffer[], answerBytes: number) => {
    const free = [...clients];
    const rate = await measureRate(sandbox, { seconds: 2, workers: CONNECTIONS }, async (index) => {
      const client = free.pop();
      const batch = batches[index % batches.length];
      if (!client || !batch) throw new Error('more workers than connections');
      await client.ask(batch, answerBytes * PIPELINE);
      free.push(client);
    });
    return { ...rate, count: rate.count * PIPELINE };
  };
  const set = await run(sets, okBytes);
  const get = await run(gets, valueBytes);
  const add = await run(adds, integerBytes);
  const [first] = clients;
  const one = Buffer.from(command('GET', keyOf(1)));
  const single = await measureRate(sandbox, { seconds: 2, workers: 1 }, async () => {
    await first?.ask(one, valueBytes);
  });
  for (const { socket } of clients) socket.destroy();
  return [
    rateFigure('cache SET, pipelines of 200', set),
    rateFigure('cache GET, pipelines of 200', get),
    rateFigure('cache ZADD, pipelines of 200', add),
    rateFigure('cache GET, one at a time', single),
  ];
};
