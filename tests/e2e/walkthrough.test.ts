// A pod reaches S3 with its own role, done by hand with the real `aws` and each `kubectl` of this machine,
// in the environment that `pergola shell` gives.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { because, findKubectls, findProgram, run } from './clients.ts';

const aws = findProgram('aws');
const kubectls = findKubectls().filter(({ version }) => ['1.27', '1.29', '1.30', '1.33'].includes(version));
const podImage = 'amazon/aws-cli:latest';

let sandbox: Sandbox;
let home: string;

beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
  home = mkdtempSync(join(tmpdir(), 'pergola-home-'));
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

/** HOME is a fresh folder, so that no cache of another server is used. */
const environment = () => ({ PATH: process.env['PATH'], ...sandbox.environment, HOME: home });

async function must(program: string, args: readonly string[], input?: string): Promise<string> {
  const result = await run(program, args, { env: environment(), ...(input === undefined ? {} : { input }) });
  expect(result.code, `${program} ${args.join(' ')}\n${result.stdout}\n${result.stderr}`).toBe(0);
  return result.stdout.trim();
}

function deploymentOf(namespace: string, serviceAccount: string): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'awscli', namespace, labels: { app: 'awscli' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'awscli' } },
      template: {
        metadata: { labels: { app: 'awscli' } },
        spec: {
          serviceAccount,
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'awscli',
              image: podImage,
              command: ['/bin/sh', '-c', 'while true; do sleep 10; done'],
              env: [{ name: 'HOME', value: '/tmp' }],
            },
          ],
        },
      },
    },
  });
}

async function makeRole(name: string, subject: string): Promise<string> {
  const provider = sandbox.identity.issuer.replace('https://', '');
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${sandbox.identity.account}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:sub`]: subject } },
      },
    ],
  };
  const { Role } = JSON.parse(
    await must(aws ?? '', [
      'iam',
      'create-role',
      '--role-name',
      name,
      '--assume-role-policy-document',
      JSON.stringify(trust),
    ]),
  ) as { Role: { Arn: string } };
  const policyArn = await must(aws ?? '', [
    'iam',
    'list-policies',
    '--query',
    'Policies[?PolicyName==`AmazonS3FullAccess`].Arn',
    '--output',
    'text',
  ]);
  await must(aws ?? '', ['iam', 'attach-role-policy', '--role-name', name, '--policy-arn', policyArn]);
  return Role.Arn;
}

describe.each(kubectls)('with kubectl $version', ({ version, path: kubectl }) => {
  const title = `a pod writes to S3 with its own role${aws ? '' : because('aws')}`;

  it.skipIf(!aws)(title, async () => {
    const namespace = `app-${version.replace('.', '-')}`;
    const bucket = `${sandbox.identity.infrastructureName}-${namespace}`;
    await must(kubectl, ['create', 'namespace', namespace]);
    await must(kubectl, ['create', 'serviceaccount', 'writer', '-n', namespace]);
    const roleArn = await makeRole(`role-${namespace}`, `system:serviceaccount:${namespace}:writer`);
    await must(kubectl, [
      'annotate',
      'serviceaccount',
      '-n',
      namespace,
      'writer',
      `eks.amazonaws.com/role-arn=${roleArn}`,
    ]);
    expect(await must(kubectl, ['describe', 'serviceaccount', 'writer', '-n', namespace])).toContain(roleArn);

    await must(kubectl, ['create', '-f', '-'], deploymentOf(namespace, 'writer'));
    await must(kubectl, ['rollout', 'status', 'deployment/awscli', '-n', namespace, '--timeout=60s']);
    const pod = await must(kubectl, [
      'get',
      'pod',
      '-n',
      namespace,
      '-l',
      'app=awscli',
      '-o',
      'jsonpath={.items[0].metadata.name}',
    ]);
    expect(await must(kubectl, ['describe', 'pod', pod, '-n', namespace])).toMatch(
      /AWS_ROLE_ARN:\s+arn:aws:iam::/,
    );

    await must(aws ?? '', ['s3', 'mb', `s3://${bucket}`]);
    const inPod = (script: string) => must(kubectl, ['exec', '-n', namespace, pod, '--', 'sh', '-c', script]);
    expect(await inPod('aws sts get-caller-identity --query Arn --output text')).toContain(
      `assumed-role/role-${namespace}/`,
    );
    await inPod(`echo hello > /tmp/hello.txt && aws s3 cp /tmp/hello.txt s3://${bucket}/hello.txt`);
    expect(await inPod(`aws s3 ls s3://${bucket}`)).toContain('hello.txt');
    expect(await must(aws ?? '', ['s3', 'cp', `s3://${bucket}/hello.txt`, '-'])).toBe('hello');

    const denied = await run(kubectl, ['exec', '-n', namespace, pod, '--', 'aws', 'iam', 'list-users'], {
      env: environment(),
    });
    expect(denied.code).not.toBe(0);
    expect(denied.stderr).toMatch(
      /AccessDenied.*not authorized to perform: iam:ListUsers.*no identity-based policy allows the iam:ListUsers action/s,
    );
    await must(kubectl, ['delete', 'namespace', namespace, '--timeout=60s']);
  });
});

it(`finds kubectl${kubectls.length > 0 ? '' : because('kubectl')}`, ({ skip }) => {
  if (kubectls.length === 0) skip('kubectl is not on this machine');
  expect(kubectls.length).toBeGreaterThan(0);
});
