// After `kill -9` and a new start, every acknowledged object, key and session is there, and no pod outlived it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  AttachUserPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { systemClock } from '@pergola/kernel';
import { createKubeClient, resourceTypes } from '@pergola/kube-client';
import { askControl, NotRunningError, stateDirOf } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const pergola = resolve(import.meta.dirname, '../../bin/pergola.mjs');
let dataDir: string;

interface Running {
  readonly pid: number;
  readonly awsUrl: string;
  readonly kubeUrl: string;
  kill(): Promise<void>;
}

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pergola-crash-'));
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

async function start(): Promise<Running> {
  const child = spawn(
    process.execPath,
    [pergola, 'up', '--data-dir', dataDir, '--aws-port', '0', '--kube-port', '0'],
    { stdio: 'ignore' },
  );
  for (;;) {
    expect(child.exitCode, 'the sandbox ended while starting').toBeNull();
    try {
      const status = (await askControl(stateDirOf(dataDir).controlSocket, 'GET', '/status')) as Running;
      if (status.pid === child.pid) {
        return {
          ...status,
          kill: () => new Promise((done) => void (child.once('exit', () => done()), child.kill('SIGKILL'))),
        };
      }
    } catch (error) {
      if (!(error instanceof NotRunningError)) throw error;
    }
    await sleep(10);
  }
}

function administrator(running: Running) {
  const text = readFileSync(stateDirOf(dataDir).awsCredentials, 'utf8');
  const value = (name: string) => new RegExp(`${name} = (\\S+)`).exec(text)?.[1] ?? '';
  return configOf(running, {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
  });
}

function configOf(
  running: Running,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
) {
  return { endpoint: running.awsUrl, region: 'us-east-1', credentials, maxAttempts: 1, forcePathStyle: true };
}

function kubeOf(running: Running) {
  const config = JSON.parse(readFileSync(stateDirOf(dataDir).kubeconfig, 'utf8')) as {
    users: { user: { token: string } }[];
  };
  return createKubeClient({
    server: running.kubeUrl,
    ca: readFileSync(join(stateDirOf(dataDir).pki, 'ca.crt'), 'utf8'),
    token: config.users[0]?.user.token ?? '',
    userAgent: 'crash-test',
    clock: systemClock,
  });
}

/** Processes whose environment or command line carries the marker. */
function processesWith(marker: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        pid !== String(process.pid) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker)
      );
    } catch {
      return false;
    }
  });
}

describe('after kill -9', () => {
  it('nothing acknowledged is lost', async () => {
    const first = await start();
    const before = administrator(first);
    const iam = new IAMClient(before);
    await new S3Client(before).send(new CreateBucketCommand({ Bucket: 'kept' }));
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'sts:AssumeRole' },
      ],
    };
    await iam.send(
      new CreateRoleCommand({ RoleName: 'kept', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    await iam.send(new CreateUserCommand({ UserName: 'kept' }));
    await iam.send(
      new AttachUserPolicyCommand({
        UserName: 'kept',
        PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess',
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'kept' }));
    const { Credentials } = await new STSClient(before).send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/kept', RoleSessionName: 'kept' }),
    );

    const acknowledged: string[] = [];
    const s3 = new S3Client(before);
    const kube = kubeOf(first);
    const writeObjects = async (worker: number) => {
      for (let index = 0; ; index++) {
        const key = `w${worker}-${index}`;
        await s3.send(
          new PutObjectCommand({ Bucket: 'kept', Key: key, Body: key.repeat(index % 7 === 0 ? 20_000 : 10) }),
        );
        acknowledged.push(key);
      }
    };
    const configMaps: string[] = [];
    const writeConfigMaps = async () => {
      for (let index = 0; ; index++) {
        const name = `kept-${index}`;
        await kube.create(resourceTypes.configmaps, {
          metadata: { name, namespace: 'default' },
          data: { name },
        });
        configMaps.push(name);
      }
    };
    const marker = `424242.${process.pid}`;
    await kube.create(resourceTypes.pods, {
      metadata: { name: 'kept', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'busybox', command: ['sleep', marker] }] },
    });
    const writers = [writeObjects(0), writeObjects(1), writeConfigMaps()].map((writer) =>
      writer.catch(() => undefined),
    );
    while (processesWith(marker).length === 0 || acknowledged.length < 100 || configMaps.length < 50)
      await sleep(20);
    await first.kill();
    await Promise.all(writers);
    await kube[Symbol.asyncDispose]();
    while (processesWith(marker).length > 0) await sleep(20);

    const second = await start();
    const reader = new S3Client(
      configOf(second, {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      }),
    );
    const found = new Set<string>();
    for (let token: string | undefined, more = true; more; ) {
      const page = await reader.send(new ListObjectsV2Command({ Bucket: 'kept', ContinuationToken: token }));
      for (const object of page.Contents ?? []) found.add(object.Key ?? '');
      token = page.NextContinuationToken;
      more = token !== undefined;
    }
    expect(acknowledged.filter((key) => !found.has(key))).toEqual([]);
    const last = acknowledged.at(-1) ?? '';
    const object = await reader.send(new GetObjectCommand({ Bucket: 'kept', Key: last }));
    expect((await object.Body?.transformToString())?.startsWith(last)).toBe(true);

    const session = configOf(second, {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
    const caller = await new STSClient(session).send(new GetCallerIdentityCommand({}));
    expect(caller.Arn).toBe('arn:aws:sts::123456789012:assumed-role/kept/kept');

    const again = kubeOf(second);
    const { items } = await again.list(resourceTypes.configmaps, { namespace: 'default' });
    const names = new Set(items.map((item) => item.metadata.name));
    expect(configMaps.filter((name) => !names.has(name))).toEqual([]);
    while (processesWith(marker).length === 0) await sleep(20);
    await again[Symbol.asyncDispose]();
    await second.kill();
  });
});
