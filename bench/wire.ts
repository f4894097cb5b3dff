// Plain HTTP with keep-alive, so that the load generator costs less than what it measures.
import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { type AwsTarget, createTransport } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import { type SigningCredentials, signRequest } from '@pergola/sigv4';
import { stateDirOf } from '@pergola/sandbox';
import type { SandboxProcess } from './sandbox-process.ts';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const tlsAgent = new https.Agent({ keepAlive: true, maxSockets: 64 });

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
  readonly ca?: string;
}

/** Resolves with the whole answer; rejects when its status is not 2xx, so that no bench measures errors. */
export function send(request: Sent): Promise<Answer> {
  const secure = request.url.startsWith('https:');
  const options = {
    method: request.method,
    headers: request.headers,
    agent: secure ? tlsAgent : agent,
    ...(request.ca ? { ca: request.ca } : {}),
  };
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? https : http).request(request.url, options, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes < 1_048_576) chunks.push(chunk);
      });
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const body = Buffer.concat(chunks).toString('utf8');
        if (status >= 200 && status < 300) resolve({ status, body });
        else reject(new Error(`${request.method} ${request.url}: ${status} ${body.slice(0, 500)}`));
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

/** A signed call of the sandbox's administrator. */
export function awsCaller(sandbox: SandboxProcess, service: string) {
  const credentials = administratorOf(sandbox);
  const host = new URL(sandbox.awsUrl).host;
  return (method: string, path: string, body: string | Buffer = '', headers: Record<string, string> = {}) => {
    const [pathname = '/', query = ''] = path.split('?');
    const signed = signRequest(
      { method, path: pathname, query, headers: { host, ...headers } },
      { credentials, region: 'us-east-1', service, nowMs: Date.now(), body },
    );
    return send({ method, url: `${sandbox.awsUrl}${path}`, headers: signed, body });
  };
}

/** The sandbox as our own client of AWS sees it, in the administrator's name. */
export function awsTarget(sandbox: SandboxProcess): AwsTarget & AsyncDisposable {
  const transport = createTransport();
  return {
    endpoint: sandbox.awsUrl,
    credentials: administratorOf(sandbox),
    region: 'us-east-1',
    clock: systemClock,
    transport,
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** The access key of the sandbox's administrator. */
export function administratorOf(sandbox: SandboxProcess): SigningCredentials {
  const text = readFileSync(stateDirOf(sandbox.dataDir).awsCredentials, 'utf8');
  const value = (name: string) => new RegExp(`${name} = (\\S+)`).exec(text)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

/** A JSON call of the cluster's administrator. */
export function kubeCaller(sandbox: SandboxProcess) {
  const dir = stateDirOf(sandbox.dataDir);
  const config = JSON.parse(readFileSync(dir.kubeconfig, 'utf8')) as {
    users: { user: { token: string } }[];
    clusters: { cluster: { 'certificate-authority-data': string } }[];
  };
  const token = config.users[0]?.user.token ?? '';
  const ca = Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString(
    'utf8',
  );
  return (method: string, path: string, body?: object) =>
    send({
      method,
      url: `${sandbox.kubeUrl}${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ca,
    });
}
