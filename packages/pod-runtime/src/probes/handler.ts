// One action of a probe or lifecycle hook: exec, httpGet, tcpSocket. Wording follows pkg/probe.
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import type { Clock } from '@pergola/kernel';
import type { Container, Handler, HttpGet } from '../pod.ts';

const maxBodyBytes = 10 * 1024;

export interface HandlerResult {
  readonly ok: boolean;
  /** What failed, or the output. */
  readonly output: string;
}

export interface HandlerContext {
  readonly container: Container;
  readonly podIp: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Runs a command in the container; resolves with its exit code and combined output. */
  exec(argv: readonly string[], signal: AbortSignal): Promise<{ code: number; output: string }>;
}

/** Runs the action once, within the time limit. Never rejects. */
export async function runHandler(handler: Handler, context: HandlerContext): Promise<HandlerResult> {
  const abort = new AbortController();
  const timer = context.clock.after(context.timeoutMs, () => abort.abort());
  try {
    return await act(handler, context, abort.signal);
  } catch (error) {
    return { ok: false, output: error instanceof Error ? error.message : String(error) };
  } finally {
    timer.cancel();
  }
}

async function act(handler: Handler, context: HandlerContext, signal: AbortSignal): Promise<HandlerResult> {
  if (handler.exec) {
    const timedOut = new Promise<HandlerResult>((resolve) => {
      const text = `command timed out: ${JSON.stringify(handler.exec?.command?.join(' '))} timed out after ${context.timeoutMs / 1000}s`;
      signal.addEventListener('abort', () => resolve({ ok: false, output: text }), { once: true });
    });
    const ran = context
      .exec(handler.exec.command ?? [], signal)
      .then(({ code, output }) => ({ ok: code === 0, output }));
    return await Promise.race([ran, timedOut]);
  }
  if (handler.httpGet) return await httpGet(handler.httpGet, context, signal);
  if (handler.tcpSocket) {
    const { host, port } = handler.tcpSocket;
    return await tcpConnect(host ?? context.podIp, portNumber(port, context.container), signal);
  }
  if (handler.sleep) {
    await context.clock.sleep(handler.sleep.seconds * 1000, signal);
    return { ok: true, output: '' };
  }
  return {
    ok: false,
    output: `a handler of kind ${Object.keys(handler).join(', ')} is not implemented by this node`,
  };
}

/** A port by number or by the name of one of the container's ports. */
export function portNumber(port: number | string, container: Container): number {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = named ?? Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Error(`invalid port "${port}"`);
  return number;
}

function httpGet(get: HttpGet, context: HandlerContext, signal: AbortSignal): Promise<HandlerResult> {
  const secure = get.scheme?.toUpperCase() === 'HTTPS';
  const host = get.host ?? context.podIp;
  const port = portNumber(get.port, context.container);
  const path = get.path?.startsWith('/') ? get.path : `/${get.path ?? ''}`;
  const url = `${secure ? 'https' : 'http'}://${host}:${port}${path}`;
  const headers: Record<string, string> = {
    'user-agent': 'kube-probe/1.33',
    accept: '*/*',
    connection: 'close',
  };
  for (const { name, value } of get.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  return new Promise((resolve) => {
    const send = secure ? secureRequest : request;
    // Kubelets do not verify the certificate of a probed container either.
    const call = send(
      { host, port, path, headers, signal, ...(secure ? { rejectUnauthorized: false } : {}) },
      (answer) => {
        const status = answer.statusCode ?? 0;
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxBodyBytes) answer.destroy();
        });
        answer.on('error', () => {}); // NOTE: the status line has decided already.
        const ok = status >= 200 && status < 400;
        resolve({ ok, output: ok ? '' : `HTTP probe failed with statuscode: ${status}` });
      },
    );
    call.on('error', (error) => {
      const why = signal.aborted
        ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        : error.message;
      resolve({ ok: false, output: `Get "${url}": ${why}` });
    });
    call.end();
  });
}

function tcpConnect(host: string, port: number, signal: AbortSignal): Promise<HandlerResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal }, () => {
      socket.destroy();
      resolve({ ok: true, output: '' });
    });
    socket.on('error', (error) => {
      resolve({
        ok: false,
        output: `dial tcp ${host}:${port}: ${signal.aborted ? 'i/o timeout' : error.message}`,
      });
    });
  });
}
