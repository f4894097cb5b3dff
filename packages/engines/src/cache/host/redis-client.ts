// Our own commands to a server of the host, over a socket in a folder that only we and the server can enter.
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { shortPath } from '../../files/short-path.ts';

/** Answers of the kinds that our commands have: texts and numbers as text. */
export interface RedisClient extends Disposable {
  /** Rejects with the server's own words when it refuses. */
  ask(...words: readonly string[]): Promise<string>;
}

export const socketName = 's';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Connects to the server whose data folder is `folder`, logs in, and gives the client to `work`. */
export async function withClient<T>(
  folder: string,
  login: Login,
  work: (client: RedisClient) => Promise<T>,
): Promise<T> {
  await using path = await shortPath(folder);
  const socket = connect({ path: join(path.path, socketName) });
  socket.on('error', () => {}); // NOTE: the command that waits hears of it by the end of the connection.
  await once(socket, 'connect');
  using client = clientOf(socket);
  await client.ask('AUTH', login.user, login.password);
  return await work(client);
}

function clientOf(socket: Socket): RedisClient {
  const waiting: { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void }[] = [];
  let bytes = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    bytes += String(chunk);
    for (let answer = take(bytes); answer; answer = take(bytes)) {
      bytes = bytes.slice(answer.length);
      const next = waiting.shift();
      if (answer.isError) next?.reject(new Error(answer.text));
      else next?.resolve(answer.text);
    }
  });
  socket.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('the server has ended the connection'));
  });
  return {
    ask: (...words) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
        socket.write(`*${words.length}\r\n${parts.join('')}`);
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** The first whole answer of `bytes`, and how long it is. */
function take(
  bytes: string,
): { readonly text: string; readonly length: number; readonly isError: boolean } | undefined {
  const end = bytes.indexOf('\r\n');
  if (end < 0) return undefined;
  const line = bytes.slice(1, end);
  const isError = bytes.startsWith('-');
  if (!bytes.startsWith('$')) return { text: line, length: end + 2, isError };
  const from = end + 2;
  const size = Math.max(0, Number(line));
  if (bytes.length < from + size + 2) return undefined;
  return { text: bytes.slice(from, from + size), length: from + size + 2, isError };
}
