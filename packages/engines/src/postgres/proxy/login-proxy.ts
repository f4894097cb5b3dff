// Stands in front of a PostgreSQL server for logins by token, which the server could not check: it has no modules of ours.
// After the login bytes are passed on as they come.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { type Logger, systemClock } from '@pergola/kernel';
import type { EnginePlace, TokenCheck } from '../../contract.ts';
import type { ServerCertificate } from '../../host/options.ts';
import { shortPath } from '../../files/short-path.ts';
import { closeSoon } from './close-soon.ts';
import { type Admission, admit } from './login.ts';
import { fatal } from './protocol.ts';

/** As PostgreSQL's authentication_timeout. */
const LOGIN_LIMIT_MS = 60_000;
/** Clients that have not logged in yet; each may hold some kilobytes. */
const WAITING_MAX = 200;

export interface LoginProxyOptions {
  /** Where clients come. */
  readonly place: EnginePlace;
  /** Where the server listens for those who will give a password. */
  readonly server: EnginePlace;
  /** The folder of the server's socket, for those who have shown a token. */
  readonly run: string;
  readonly certificate: ServerCertificate;
  readonly tlsOnly: () => boolean;
  readonly isTokenUser: (user: string) => Promise<boolean>;
  readonly check: TokenCheck;
  readonly logger: Logger;
}

/** Resolves when it listens. Disposing closes all connections. */
export async function openLoginProxy(options: LoginProxyOptions): Promise<AsyncDisposable> {
  const { place, logger, certificate } = options;
  const rules = {
    ...options,
    secureContext: createSecureContext({ ...certificate, minVersion: 'TLSv1.2' }),
    refused: (user: string, because: string) =>
      logger.info({ user, because }, 'a login by token was refused'),
  };
  const sockets = new Set<Socket>();
  let waiting = 0;
  const serve = async (socket: Socket) => {
    if (waiting >= WAITING_MAX) {
      closeSoon(socket, fatal('53300', 'sorry, too many clients already'));
      return;
    }
    waiting++;
    const limit = systemClock.after(LOGIN_LIMIT_MS, () => socket.destroy());
    try {
      const admission = await admit(socket, rules);
      if (admission) await passOn(admission, options, sockets);
    } finally {
      waiting--;
      limit.cancel();
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // NOTE: the close that follows is what counts.
    serve(socket).catch((error: unknown) => {
      logger.warn({ error }, 'a login could not be passed on');
      closeSoon(socket, fatal('57P03', 'the database system is not accepting connections'));
    });
  });
  await listen(server, place);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Resolves when the server has been reached; the two are then left to each other. */
async function passOn(admission: Admission, options: LoginProxyOptions, sockets: Set<Socket>): Promise<void> {
  const { client, first, isCancel } = admission;
  const upstream = await dial(admission.door, options);
  sockets.add(upstream);
  upstream.once('close', () => {
    sockets.delete(upstream);
    closeSoon(client);
  });
  client.once('close', () => upstream.destroy());
  if (client.destroyed) upstream.destroy();
  upstream.write(first);
  if (isCancel) upstream.end();
  else pipeline(client, upstream, () => {}); // NOTE: either end's close ends the other, whatever the reason.
  pipeline(upstream, client, () => {});
}

async function dial(door: Admission['door'], { server, run }: LoginProxyOptions): Promise<Socket> {
  if (door === 'open') return await connected(connect({ ...server, noDelay: true }));
  await using folder = await shortPath(run);
  return await connected(connect({ path: `${folder.path}/.s.PGSQL.${server.port}` }));
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {}); // NOTE: the close that follows is what counts.
      resolve(socket);
    });
  });
}

function listen(server: Server, { host, port }: EnginePlace): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', () => {}); // NOTE: of single connections that could not be accepted.
      resolve();
    });
  });
}
