// One HTTPS POST to a webhook: the answer's text, bounded in size; asked again once when a kept connection was stale.
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';

const ANSWER_BYTES_MAX = 3 * 1024 * 1024;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Name that the certificate must carry. */
  readonly serverName: string;
  /** As error messages show it. */
  readonly url: string;
}

export interface PostOptions {
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

interface SendOptions extends PostOptions {
  /** Over a connection of its own, with the agent's trust. */
  readonly isFresh?: boolean;
}

/** Rejects with what went wrong: the connection, the certificate, the size, or a status that is no success. */
export async function post(endpoint: Endpoint, body: string, options: PostOptions): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const outgoing = send(endpoint, body, attempt === 1 ? options : { ...options, isFresh: true });
    try {
      return await answerTo(outgoing);
    } catch (error) {
      // The server closed an idle connection while we took it up. What it has not answered may be asked again.
      const isStale = outgoing.reusedSocket && isBroken(error as NodeJS.ErrnoException);
      if (!isStale || attempt > 1 || options.signal.aborted) throw error;
    }
  }
}

function isBroken({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function send(endpoint: Endpoint, body: string, options: SendOptions): ClientRequest {
  const { host, port, path, serverName } = endpoint;
  const { agent, signal, isFresh = false } = options;
  const { ca } = agent.options;
  const isAddress = /^[\d.]+$|:/.test(serverName);
  const outgoing = httpsRequest({
    host,
    port,
    path,
    method: 'POST',
    signal,
    agent: isFresh ? false : agent,
    ...(ca === undefined ? {} : { ca }),
    ...(isAddress ? {} : { servername: serverName }),
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'Content-Length': Buffer.byteLength(body),
      Host: `${serverName}:${port}`,
      'User-Agent': 'kube-apiserver-admission',
    },
  });
  outgoing.end(body);
  return outgoing;
}

function answerTo(outgoing: ClientRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > ANSWER_BYTES_MAX) response.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(text);
        else reject(new Error(refusal(text)));
      });
    });
  });
}

function refusal(text: string): string {
  const shown = JSON.stringify(text.slice(0, 200));
  return `an error on the server (${shown}) has prevented the request from succeeding`;
}
