// `pergola ack …` as a person uses it, on a sandbox.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callOperation } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from './clients.ts';

const pergola = resolve(import.meta.dirname, '../../bin/pergola.mjs');
let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-ack-'));
  sandbox = await startSandbox({ ephemeral: true, dataDir: join(folder, 'state'), logLevel: 'silent' });
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const environment = { PATH: process.env['PATH'], HOME: '/nowhere' };
const cli = (...args: string[]) =>
  run(process.execPath, [pergola, 'ack', ...args, '--data-dir', sandbox.dataDir], { env: environment });

const logs = (operation: string, input: object) =>
  callOperation(
    {
      endpoint: sandbox.awsUrl,
      credentials: sandbox.administrator,
      region: sandbox.identity.region,
      clock: systemClock,
    },
    { service: 'logs', operation, input },
  );

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const logGroup = (retentionDays: number, annotations = '{}') => `
apiVersion: cloudwatchlogs.services.k8s.aws/v1alpha1
kind: LogGroup
metadata: {name: app, namespace: shop, annotations: ${annotations}}
spec: {name: /shop/app, retentionDays: ${retentionDays}}
`;

describe('pergola ack', () => {
  it('plans a creation: calls and permissions, and an exit code for scripts', async () => {
    const path = file('new.yaml', logGroup(7));
    const planned = await cli('plan', '-f', path, '--detailed-exitcode');
    expect(planned.code, planned.stderr).toBe(2);
    expect(planned.stdout).toContain('+ LogGroup shop/app will be created\n');
    expect(planned.stdout).toContain('    calls: CreateLogGroup, PutRetentionPolicy\n');
    expect(planned.stdout).toMatch(/ {4}needs: .*logs:CreateLogGroup, .*logs:PutRetentionPolicy/);
    expect(planned.stdout).toContain(
      'Plan: 1 to create, 0 to adopt, 0 to update, 0 to replace, 0 unchanged.',
    );
    expect(
      (await logs('DescribeLogGroups', { logGroupNamePrefix: '/shop' })).output['logGroups'] ?? [],
    ).toEqual([]);
    expect((await cli('plan', '-f', path)).code).toBe(0);
  });

  it('prints the manifest of what exists, which a plan then has nothing to do for', async () => {
    await logs('CreateLogGroup', { logGroupName: '/shop/app', tags: { team: 'a' } });
    await logs('PutRetentionPolicy', { logGroupName: '/shop/app', retentionInDays: 30 });
    const imported = await cli('import', 'loggroup', '/shop/app', '-n', 'shop');
    expect(imported.code, imported.stderr).toBe(0);
    expect(parse(imported.stdout)).toMatchObject({
      apiVersion: 'cloudwatchlogs.services.k8s.aws/v1alpha1',
      kind: 'LogGroup',
      metadata: {
        name: 'shop-app',
        namespace: 'shop',
        annotations: {
          'services.k8s.aws/adoption-policy': 'adopt',
          'services.k8s.aws/adoption-fields': '{"name":"/shop/app"}',
        },
      },
      spec: { name: '/shop/app', retentionDays: 30, tags: { team: 'a' } },
    });
    const planned = await cli('plan', '-f', file('imported.yaml', imported.stdout), '-o', 'json');
    expect(planned.code, planned.stderr).toBe(0);
    expect(JSON.parse(planned.stdout)).toMatchObject([{ kind: 'LogGroup', action: 'adopt', calls: [] }]);
  });

  it('says what stands in the way', async () => {
    const taken = await cli('plan', '-f', file('taken.yaml', logGroup(7)));
    expect(taken.code).toBe(1);
    expect(taken.stdout).toContain(
      '! LogGroup shop/app will not come into sync\n    Resource already exists',
    );
    const adopting = file('adopt.yaml', logGroup(7, '{services.k8s.aws/adoption-policy: adopt-or-create}'));
    const updated = await cli('plan', '-f', adopting);
    expect(updated.stdout).toContain('    retentionDays: 30 -> 7\n');
    const nothing = await cli(
      'plan',
      '-f',
      file('none.yaml', 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}'),
    );
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('the file holds no resource of ACK that is known here');
    const missing = await cli('import', 'LogGroup', '/nowhere');
    expect(missing.code).toBe(5);
    expect(missing.stderr).toMatch(/has no LogGroup '\/nowhere'/);
    const unknown = await cli('import', 'Nonsense', 'x');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("no kind is called 'Nonsense'");
  });

  it('prints the policies of the role, one line for each service, whether a sandbox runs or not', async () => {
    const policy = (...args: string[]) =>
      run(process.execPath, [pergola, 'ack', 'policy', ...args], { env: environment });
    const printed = await policy('--services', 'sqs,rds', '--pass-roles', 'arn:aws:iam::1:role/x');
    expect(printed.code, printed.stderr).toBe(0);
    const [sqs, rds] = printed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(sqs.Statement[0]).toMatchObject({ Sid: 'AckSqs', Effect: 'Allow', Resource: '*' });
    expect(sqs.Statement[0].Action).toContain('sqs:CreateQueue');
    expect(rds.Statement[1]).toMatchObject({ Action: 'iam:PassRole', Resource: ['arn:aws:iam::1:role/x'] });
    const unknown = await policy('--services', 'rds,nonsense');
    expect(unknown.code).toBe(2);
    expect(unknown.stdout).toBe('');
    expect(unknown.stderr).toContain('no resources are known of nonsense');
  });
});
