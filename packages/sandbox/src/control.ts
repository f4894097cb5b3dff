// The sandbox's own small door, for `pergola status`, `down` and `explain`: HTTP over a Unix socket that only
// the owner of the data folder can open.
import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';

const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** What the door can be asked. Each returns a JSON value, or undefined for 404. */
export interface ControlHandlers {
  status(): unknown;
  /** The recorded Steps of one call. */
  record(requestId: string): unknown;
  /** The last calls, newest first. */
  records(limit: number): unknown;
  /** Begins an orderly stop. */
  stop(): void;
}

/** Opens the door at `path`; a socket left by a dead process is replaced. */
export async function startControl(path: string, handlers: ControlHandlers): Promise<AsyncDisposable> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  assertOwnFolder(dirname(path));
  rmSync(path, { force: true });
  const server = createServer((incoming, response) => {
    incoming.resume();
    answer(handlers, `${incoming.method} ${incoming.url}`, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return { [Symbol.asyncDispose]: () => close(server, path) };
}

/**
 * A long data folder puts the socket into the machine's folder for temporary files, under a name that others can
 * know: whoever made that folder first would answer in the sandbox's place.
 */
function assertOwnFolder(folder: string): void {
  if (dirname(folder) !== tmpdir()) return;
  const { uid, mode } = statSync(folder);
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return;
  throw new Error(`${folder} belongs to somebody else or may be written to by others; remove it`);
}

function answer(handlers: ControlHandlers, line: string, response: ServerResponse): void {
  const record = /^GET \/records\/([A-Za-z0-9-]{1,64})$/.exec(line);
  const records = /^GET \/records\?limit=(\d{1,5})$/.exec(line);
  if (line === 'GET /status') reply(response, handlers.status());
  else if (record) reply(response, handlers.record(record[1] ?? ''));
  else if (records) reply(response, handlers.records(Number(records[1])));
  else if (line === 'POST /stop') {
    reply(response, { stopping: true });
    response.once('close', () => handlers.stop());
  } else reply(response, undefined);
}

function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(value === undefined ? 404 : 200, {
    'content-type': 'application/json',
    connection: 'close',
  });
  response.end(JSON.stringify(value ?? { message: 'not found' }));
}

async function close(server: Server, path: string): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(path, { force: true });
}

/** Nothing answers at the socket: no sandbox runs on that data folder. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Asks the sandbox behind `path`. `undefined` when it answers 404; NotRunningError when nobody answers. */
export async function askControl(path: string, method: 'GET' | 'POST', resource: string): Promise<unknown> {
  if (existsSync(path)) assertOwnFolder(dirname(path));
  return await new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: path, method, path: resource, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > ANSWER_BYTES_MAX) outgoing.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        resolve(response.statusCode === 404 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8')));
      });
      response.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('the sandbox does not answer')));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(absent ? new NotRunningError('no sandbox runs on this data folder', { cause: error }) : error);
    });
    outgoing.end();
  });
}
