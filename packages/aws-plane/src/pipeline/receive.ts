// Stage 1: the head of an HTTP request as plain values. Nothing is read from the body yet.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignableRequest } from '@pergola/sigv4';
import type { Transport } from '../call.ts';
import { AwsFault } from '../fault.ts';

/** A request of which only the head has been read. */
export interface Received extends SignableRequest {
  readonly host: string;
  readonly transport: Transport;
  /** The undecoded body. Only `openBody` may read it. */
  readonly incoming: IncomingMessage;
  readonly expectation: Expectation;
}

/** `Expect: 100-continue`: the client sends no body before it is told to. */
export class Expectation {
  readonly #outgoing: ServerResponse;
  #pending: boolean;

  constructor(outgoing: ServerResponse, pending: boolean) {
    this.#outgoing = outgoing;
    this.#pending = pending;
  }

  /** True while the client waits. */
  get pending(): boolean {
    return this.#pending;
  }

  /** Tells a client that waits to go on. */
  meet(): void {
    if (this.#pending && !this.#outgoing.headersSent) this.#outgoing.writeContinue();
    this.#pending = false;
  }
}

export function receive(incoming: IncomingMessage, outgoing: ServerResponse): Received {
  const target = incoming.url ?? '/';
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (!path.startsWith('/')) throw new AwsFault('BadRequest', 400, 'The request target must be a path.');
  const headers = headersOf(incoming.rawHeaders);
  const host = headers['host'] ?? '';
  // A connection that is gone already has none; without any it would pass for a service of AWS.
  const sourceIp = (incoming.socket.remoteAddress ?? '0.0.0.0').replace(/^::ffff:/, '');
  const expects = headers['expect']?.toLowerCase() === '100-continue';
  return {
    method: incoming.method ?? 'GET',
    path,
    query: question < 0 ? '' : target.slice(question + 1),
    headers,
    host,
    // What goes over loopback can be read by nobody else: for policies it counts as secure.
    transport: { sourceIp, userAgent: headers['user-agent'] ?? '', secure: isLoopback(sourceIp), host },
    incoming,
    expectation: new Expectation(outgoing, expects),
  };
}

/** Names in lower case; repeated headers joined by `,`, as signatures want them. */
function headersOf(raw: readonly string[]): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    const value = raw[at + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  return headers;
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}
