// A hosted control plane gives tokens another audience, as it does in reality; and the webhook runs as a server of
// its own against a cluster that it knows only by a kubeconfig.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock, systemRandom } from '@pergola/kernel';
import { createKubeClient, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { createCa, issueCertificate } from '@pergola/pki';
import { type Sandbox, startSandbox, stateDirOf } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const roleArn = 'arn:aws:iam::123456789012:role/app';
let sandbox: Sandbox;
let kube: KubeClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-topology-'));
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent', topology: 'hcp' });
  kube = createKubeClient({
    server: sandbox.kubeUrl,
    ca: sandbox.caPem,
    token: sandbox.administratorToken,
    userAgent: 'topology-test',
    clock: systemClock,
  });
  await kube.create(resourceTypes.serviceaccounts, {
    metadata: { name: 'app', namespace: 'default', annotations: { 'eks.amazonaws.com/role-arn': roleArn } },
  });
});

afterAll(async () => {
  await kube[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('a hosted control plane', () => {
  it("gives pods tokens for the audience 'openshift'", async () => {
    const pod: KubeResource = await kube.create(resourceTypes.pods, {
      metadata: { name: 'app', namespace: 'default' },
      spec: {
        serviceAccountName: 'app',
        containers: [{ name: 'main', image: 'busybox', command: ['sleep', '60'] }],
      },
    });
    const volumes = pod['spec'].volumes as { name: string; projected?: { sources: unknown[] } }[];
    expect(volumes.find(({ name }) => name === 'aws-iam-token')?.projected?.sources).toEqual([
      { serviceAccountToken: { audience: 'openshift', expirationSeconds: 86_400, path: 'token' } },
    ]);
    await kube.delete(resourceTypes.pods, { name: 'app', namespace: 'default' }, { gracePeriodSeconds: 0 });
  });

  it('registers the webhook under the name that HyperShift gives it', async () => {
    const found = await kube.find(resourceTypes.mutatingwebhookconfigurations, { name: 'aws-pod-identity' });
    expect(found?.['webhooks'][0].failurePolicy).toBe('Ignore');
  });
});

describe('pergola webhook serve', () => {
  it('mutates the pods of a cluster that it knows by a kubeconfig', async () => {
    const context = { clock: systemClock, random: systemRandom };
    const ca = await createCa(context, 'webhook-ca');
    const pair = await issueCertificate(context, ca, {
      commonName: 'webhook',
      hosts: ['127.0.0.1'],
      usage: 'server',
    });
    writeFileSync(join(folder, 'tls.crt'), pair.cert);
    writeFileSync(join(folder, 'tls.key'), pair.key);
    const flags = [
      '--kubeconfig',
      stateDirOf(sandbox.dataDir).kubeconfig,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--metrics-port',
      '0',
    ];
    const files = ['--tls-cert', join(folder, 'tls.crt'), '--tls-key', join(folder, 'tls.key')];
    const child = spawn(
      process.execPath,
      [resolve(import.meta.dirname, '../../bin/pergola.mjs'), 'webhook', 'serve', ...flags, ...files],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const url = await new Promise<string>((done, failed) => {
      let text = '';
      child.stderr.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        const match = /https:\/\/\S+/.exec(text);
        if (match) done(match[0]);
      });
      child.once('exit', () => failed(new Error(text)));
    });
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u-1',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        namespace: 'default',
        operation: 'CREATE',
        object: {
          metadata: { name: 'p' },
          spec: { serviceAccountName: 'app', containers: [{ name: 'c', image: 'busybox' }] },
        },
      },
    };
    const answer = await post(url, ca.cert, JSON.stringify(review));
    const { response } = JSON.parse(answer) as { response: { uid: string; allowed: boolean; patch: string } };
    expect(response).toMatchObject({ uid: 'u-1', allowed: true });
    expect(Buffer.from(response.patch, 'base64').toString('utf8')).toContain(roleArn);
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

function post(url: string, ca: string, body: string): Promise<string> {
  return new Promise((done, failed) => {
    const outgoing = request(
      url,
      { method: 'POST', ca, headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => done(text));
      },
    );
    outgoing.on('error', failed);
    outgoing.end(body);
  });
}
