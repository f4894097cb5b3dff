import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { close, listen } from './http-server.ts';
import type { AnswerCall } from './pipeline/index.ts';

type Server = Awaited<ReturnType<typeof listen>>;
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  if (server) await close(server);
});

/** Sends `pieces`, each when something was heard after the one before, and returns all that was heard. */
async function speak(
  answer: AnswerCall,
  pieces: readonly string[],
  last: 'half-close' | 'stay',
): Promise<string> {
  server = await listen(answer, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    let heard = '';
    const [first = '', ...later] = pieces;
    const socket = connect(port, '127.0.0.1', () => socket.write(first));
    socket.on('data', (bytes) => {
      heard += bytes.toString();
      const next = later.shift();
      if (next !== undefined) socket.write(next);
      else if (last === 'half-close') socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

describe('bytes that are no HTTP', () => {
  it('are answered when nothing else is', async () => {
    const heard = await speak(async () => undefined, ['nonsense\r\n\r\n'], 'stay');
    expect(heard).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n$/);
  });

  it('are answered after a request that was answered', async () => {
    const answer: AnswerCall = async (_, outgoing) => void outgoing.end('fine');
    const heard = await speak(answer, ['GET / HTTP/1.1\r\nhost: x\r\n\r\n', 'nonsense\r\n\r\n'], 'stay');
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('get no second answer when a body ends early that was refused unread', async () => {
    const answer: AnswerCall = async (_, outgoing) => void outgoing.writeHead(403).end('no');
    const head = 'PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nab';
    const heard = await speak(answer, [head], 'half-close');
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 403']);
  });

  it('never get into the body of an answer under way', async () => {
    const answer: AnswerCall = async (_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '1000' }).write('begun');
    };
    const heard = await speak(answer, ['GET / HTTP/1.1\r\nhost: x\r\n\r\n', 'nonsense\r\n\r\n'], 'stay');
    expect(heard).toMatch(/begun$/);
  });
});
