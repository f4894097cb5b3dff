// The kubelet's HTTP server. It listens nowhere: the API server dials it inside this process, after it has
// authorised the request. Paths: /healthz, /pods, /containerLogs, /exec, /attach, /portForward.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import type { Clock, Logger } from '@pergola/kernel';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { ContainerRun } from '../containers/container-run.ts';
import type { PodWorker } from '../pods/pod-worker.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';
import { findLog, parseLogQuery, sendLog } from './container-logs.ts';
import { forwardChannels, forwardSpdy } from './port-forward.ts';
import { runAttach, runExec } from './remote-command.ts';
import type { RemoteSession, StreamWishes } from './remote-session.ts';
import { spdySession } from './spdy-session.ts';
import { websocketSession } from './websocket-session.ts';

const maxMessageBytes = 32 * 1024 * 1024;
const commandProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

export interface KubeletServerOptions {
  readonly workers: PodWorkers;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface KubeletServer extends AsyncDisposable {
  dial(): Duplex;
}

/** An answer that is not a stream: status and text, as the kubelet sends errors. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

export function startKubeletServer(options: KubeletServerOptions): KubeletServer {
  return new Kubelet(options);
}

class Kubelet implements KubeletServer {
  readonly #options: KubeletServerOptions;
  readonly #http: Server;
  readonly #commandSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: pick(commandProtocols),
  });
  readonly #tunnelSockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  readonly #connections = new Set<Duplex>();

  constructor(options: KubeletServerOptions) {
    this.#options = options;
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#http.on('upgrade', (request, socket, head) => void this.#upgrade({ request, socket, head }));
    this.#tunnelSockets.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${tunnelProtocol}`));
  }

  dial(): Duplex {
    const [theirs, ours] = duplexPair();
    this.#connections.add(ours);
    ours.on('error', () => {}); // NOTE: a broken dial is the end of that request only.
    ours.once('close', () => this.#connections.delete(ours));
    this.#http.emit('connection', ours);
    return theirs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    this.#commandSockets.close();
    this.#tunnelSockets.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', 'http://kubelet');
      const [kind = '', ...rest] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
      if (kind === 'healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      else if (kind === 'containerLogs') await this.#logs(rest, url.searchParams, response);
      else if (['exec', 'attach', 'portForward'].includes(kind))
        throw new Refusal(400, 'Upgrade request required');
      else throw new Refusal(404, '404 page not found');
    } catch (error) {
      this.#refuse(error, (status, text) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
      });
    }
  }

  async #logs(
    [namespace = '', name = '', container = '']: string[],
    query: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const options = parseLogQuery(query, this.#options.clock);
    if (!options.ok) throw new Refusal(400, options.error);
    const source = findLog(this.#worker(namespace, name), container, options.value.previous);
    if (!source.ok) throw new Refusal(400, source.error);
    await sendLog(source.value, options.value, response);
  }

  async #upgrade(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    socket.on('error', () => {}); // NOTE: a client that leaves ends its own stream only.
    try {
      const url = new URL(request.url ?? '/', 'http://kubelet');
      const [kind = '', namespace = '', name = '', ...rest] = url.pathname
        .split('/')
        .filter(Boolean)
        .map(decodeURIComponent);
      const worker = this.#worker(namespace, name);
      if (kind === 'portForward') await this.#portForward(worker, url.searchParams, upgrade);
      else if (kind === 'exec' || kind === 'attach')
        await this.#command(kind, { worker, container: rest.at(-1) ?? '', query: url.searchParams }, upgrade);
      else throw new Refusal(404, '404 page not found');
    } catch (error) {
      this.#refuse(error, (status, text) => {
        const body = `${text}\n`;
        socket.end(
          `HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : 'Bad Request'}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
        );
      });
    }
  }

  async #command(
    kind: 'exec' | 'attach',
    to: { worker: PodWorker; container: string; query: URLSearchParams },
    upgrade: Upgrade,
  ): Promise<void> {
    const run = runningContainer(to.worker, to.container);
    const tty =
      kind === 'attach' ? (to.worker.container(to.container)?.container.tty ?? false) : flag(to.query, 'tty');
    const wishes: StreamWishes = {
      stdin: flag(to.query, 'input', 'stdin'),
      stdout: flag(to.query, 'output', 'stdout'),
      stderr: flag(to.query, 'error', 'stderr'),
      tty,
    };
    if (!wishes.stdin && !wishes.stdout && !wishes.stderr)
      throw new Refusal(400, 'you must specify at least 1 of stdin, stdout, stderr');
    const argv = to.query.getAll('command');
    if (kind === 'exec' && argv.length === 0)
      throw new Refusal(400, 'you must specify at least one command for the container');
    const session = await this.#session(wishes, upgrade);
    if (!session) return;
    await (kind === 'exec' ? runExec(run, argv, wishes, session) : runAttach(run, wishes, session));
  }

  async #session(wishes: StreamWishes, upgrade: Upgrade): Promise<RemoteSession | undefined> {
    const { clock } = this.#options;
    if (isWebSocket(upgrade.request)) {
      const offered = protocolsOf(upgrade.request);
      if (!offered.some((name) => commandProtocols.includes(name))) {
        throw new Refusal(
          400,
          `unable to negotiate a WebSocket protocol: supported are ${commandProtocols.join(', ')}`,
        );
      }
      return websocketSession(await accept(this.#commandSockets, upgrade), wishes);
    }
    const version = upgrade.request.headers['x-stream-protocol-version'];
    const offered = String(version ?? '')
      .split(',')
      .map((item) => item.trim());
    if (!offered.includes('v4.channel.k8s.io'))
      throw new Refusal(
        403,
        `unable to upgrade: unable to negotiate protocol: client supports '${offered.join(' ')}', server accepts 'v4.channel.k8s.io'`,
      );
    acceptSpdy(upgrade, 'v4.channel.k8s.io');
    return await spdySession(upgrade.socket, wishes, (delayMs, task) => clock.after(delayMs, task));
  }

  async #portForward(worker: PodWorker, query: URLSearchParams, upgrade: Upgrade): Promise<void> {
    const target = { addresses: [...new Set([worker.podIp, '127.0.0.1'])], pod: worker.key };
    if (!isWebSocket(upgrade.request)) {
      acceptSpdy(upgrade, 'portforward.k8s.io');
      await forwardSpdy(upgrade.socket, target);
      return;
    }
    if (protocolsOf(upgrade.request).includes(tunnelProtocol)) {
      // The name is no HTTP token, which ws insists on: it goes in and out by hand.
      delete upgrade.request.headers['sec-websocket-protocol'];
      await forwardSpdy(createWebSocketStream(await accept(this.#tunnelSockets, upgrade)), target);
      return;
    }
    const ports = [...query.getAll('port'), ...query.getAll('ports')]
      .flatMap((text) => text.split(','))
      .map(Number);
    if (ports.length === 0) throw new Refusal(400, 'query parameter "port" is required');
    forwardChannels(await accept(this.#commandSockets, upgrade), ports, target);
  }

  #worker(namespace: string, name: string): PodWorker {
    const worker = this.#options.workers.find(namespace, name);
    if (!worker) throw new Refusal(404, `pod ${name}_${namespace} not found`);
    return worker;
  }

  #refuse(error: unknown, tell: (status: number, text: string) => void): void {
    if (error instanceof Refusal) {
      tell(error.status, error.message);
      return;
    }
    this.#options.logger.error(
      { error: error instanceof Error ? error.stack : String(error) },
      'a kubelet request broke',
    );
    tell(500, 'Internal Server Error');
  }
}

function runningContainer(worker: PodWorker, name: string): ContainerRun {
  const runner = worker.container(name);
  if (!runner) throw new Refusal(404, `container not found ("${name}")`);
  if (!runner.run)
    throw new Refusal(404, `container "${name}" in pod "${worker.pod.metadata.name}" is not running`);
  return runner.run;
}

function flag(query: URLSearchParams, ...names: string[]): boolean {
  return names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

function protocolsOf(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

function pick(supported: readonly string[]) {
  return (offered: Set<string>): string | false => supported.find((name) => offered.has(name)) ?? false;
}

function accept(server: WebSocketServer, { request, socket, head }: Upgrade): Promise<WebSocket> {
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve));
}

function acceptSpdy({ request, socket, head }: Upgrade, protocol: string): void {
  if (request.headers.upgrade?.toLowerCase() !== 'spdy/3.1')
    throw new Refusal(400, 'unable to upgrade: missing upgrade headers');
  if (head.length > 0) socket.unshift(head);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
}
