// Pergola's own small aws, oc and rosa against a running sandbox: what they print and how they end, as the
// real ones do (aws-cli 2, oc 4.17, rosa 1.2).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { because, findProgram, run } from './clients.ts';

const home = resolve(import.meta.dirname, '../..');
const kubectl = findProgram('kubectl');
let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  // Brings the bundle that the stand-ins are part of up to date.
  execFileSync(process.execPath, [join(home, 'bin', 'pergola.mjs'), '--version'], { stdio: 'ignore' });
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
  folder = mkdtempSync(join(tmpdir(), 'pergola-stand-ins-'));
  writeFileSync(join(folder, 'a.txt'), 'alpha\n');
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

type Environment = Record<string, string>;
const standIn =
  (name: string) =>
  (words: string, more: { env?: Environment; input?: string } = {}) =>
    run(join(home, 'bin', name, name), words === '' ? [] : words.split(' '), {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...sandbox.environment, ...more.env },
      ...(more.input === undefined ? {} : { input: more.input }),
    });
const aws = standIn('aws');
const oc = standIn('oc');
const rosa = standIn('rosa');

const said = (stdout: string) => ({ code: 0, stdout, stderr: '' });
const failed = (code: number, stderr: string) => ({ code, stdout: '', stderr });

describe('aws', () => {
  it('says who calls', async () => {
    const arn = `arn:aws:iam::${sandbox.identity.account}:user/admin`;
    const whole = await aws('sts get-caller-identity');
    expect(JSON.parse(whole.stdout)).toMatchObject({ Account: sandbox.identity.account, Arn: arn });
    expect(await aws('sts get-caller-identity --query Account --output text')).toEqual(
      said(`${sandbox.identity.account}\n`),
    );
    expect(await aws('sts get-caller-identity --query Arn')).toEqual(said(`"${arn}"\n`));
  });

  it('makes a bucket, copies up, down and across, lists, and removes', async () => {
    const bucket = 's3://stand-in-bucket';
    expect(await aws(`s3 mb ${bucket}`)).toEqual(said('make_bucket: stand-in-bucket\n'));
    expect(await aws(`s3 cp a.txt ${bucket}`)).toEqual(said(`upload: ./a.txt to ${bucket}/a.txt\n`));
    expect(await aws(`s3 cp - ${bucket}/deep/b`, { input: 'beta' })).toEqual(said(''));
    expect(await aws(`s3 cp ${bucket}/deep/b -`)).toEqual(said('beta'));
    expect(await aws(`s3 cp ${bucket}/a.txt ${bucket}/deep/`)).toEqual(
      said(`copy: ${bucket}/a.txt to ${bucket}/deep/a.txt\n`),
    );
    expect(await aws(`s3 cp ${bucket}/deep/a.txt out.txt`)).toEqual(
      said(`download: ${bucket}/deep/a.txt to ./out.txt\n`),
    );
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('alpha\n');
    expect((await aws(`s3 ls ${bucket}`)).stdout).toMatch(
      /^ {27}PRE deep\/\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {10}6 a\.txt\n$/,
    );
    expect((await aws(`s3 ls ${bucket} --recursive`)).stdout).toMatch(
      /6 a\.txt\n.*6 deep\/a\.txt\n.*4 deep\/b\n$/,
    );
    expect((await aws('s3 ls')).stdout).toMatch(/ stand-in-bucket\n/);
    expect(await aws(`s3 ls ${bucket}/none`)).toEqual(failed(1, ''));
    expect(await aws(`s3 rb ${bucket}`)).toEqual(
      failed(
        1,
        `remove_bucket failed: ${bucket} An error occurred (BucketNotEmpty) when calling the DeleteBucket operation: The bucket you tried to delete is not empty\n`,
      ),
    );
    expect(await aws(`s3 rm ${bucket}/a.txt`)).toEqual(said(`delete: ${bucket}/a.txt\n`));
    expect(await aws(`s3 rb ${bucket} --force`)).toEqual(
      said(`delete: ${bucket}/deep/a.txt\ndelete: ${bucket}/deep/b\nremove_bucket: stand-in-bucket\n`),
    );
  });

  it('copies what is larger than a pipe without a changed byte', async () => {
    const bytes = Buffer.alloc(3_000_000, 'pergola ');
    writeFileSync(join(folder, 'large'), bytes);
    await aws('s3 mb s3://stand-in-large');
    expect((await aws('s3 cp large s3://stand-in-large/x')).code).toBe(0);
    expect((await aws('s3 cp s3://stand-in-large/x back')).code).toBe(0);
    expect(readFileSync(join(folder, 'back')).equals(bytes)).toBe(true);
  });

  it('fails in the words and with the codes of the real one', async () => {
    const gone = 's3://no-such-bucket-here';
    const noBucket = 'The specified bucket does not exist';
    expect(await aws(`s3 cp nothing ${gone}/`)).toEqual(
      failed(255, '\nThe user-provided path nothing does not exist.\n'),
    );
    expect(await aws(`s3 cp a.txt ${gone}/x`)).toEqual(
      failed(
        1,
        `upload failed: ./a.txt to ${gone}/x An error occurred (NoSuchBucket) when calling the PutObject operation: ${noBucket}\n`,
      ),
    );
    expect(await aws(`s3 cp ${gone}/x y`)).toEqual(
      failed(
        1,
        'fatal error: An error occurred (404) when calling the HeadObject operation: Key "x" does not exist\n',
      ),
    );
    expect(await aws(`s3 ls ${gone}`)).toEqual(
      failed(
        254,
        `\nAn error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: ${noBucket}\n`,
      ),
    );
    const stranger = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' };
    expect(await aws('sts get-caller-identity', { env: stranger })).toEqual(
      failed(
        254,
        '\nAn error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.\n',
      ),
    );
    expect(await aws('s3 ls', { env: { AWS_SHARED_CREDENTIALS_FILE: '/nowhere' } })).toEqual(
      failed(
        253,
        '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n',
      ),
    );
    expect(await aws('s3 ls', { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } })).toEqual(
      failed(255, '\nCould not connect to the endpoint URL: "http://127.0.0.1:1/"\n'),
    );
    for (const words of [
      '',
      'iam list-users',
      's3 cp a.txt b.txt',
      's3 mb bucket',
      's3 ls --frob',
      'sts get-caller-identity --output table',
    ])
      expect((await aws(words)).code, words).toBe(252);
  });
});

describe('oc', () => {
  it('makes projects, lists them and moves between them', async () => {
    const server = `on server "${sandbox.kubeUrl}".\n`;
    expect(await oc('whoami')).toEqual(said('system:admin\n'));
    expect(await oc('whoami --show-server')).toEqual(said(`${sandbox.kubeUrl}\n`));
    expect(await oc('new-project mine --display-name=Mine --description text')).toEqual(
      said(`Now using project "mine" ${server}`),
    );
    expect(await oc('project')).toEqual(said(`Using project "mine" ${server}`));
    expect(await oc('new-project mine')).toEqual(
      failed(1, 'Error from server (AlreadyExists): project.project.openshift.io "mine" already exists\n'),
    );
    expect((await oc('projects')).stdout).toContain('    default\n');
    expect((await oc('projects')).stdout).toContain('  * mine\n');
    expect((await oc('projects -q')).stdout.split('\n')).toContain('mine');
    expect(await oc('project default')).toEqual(said(`Now using project "default" ${server}`));
    expect(await oc('project none')).toEqual(
      failed(1, `error: A project named "none" does not exist on "${sandbox.kubeUrl}".\n`),
    );
    expect(await oc('new-project')).toEqual(failed(1, 'error: must have exactly one argument\n'));
  });

  it.skipIf(!kubectl)(`gives the rest to kubectl${kubectl ? '' : because('kubectl')}`, async () => {
    const infrastructure = await oc('get infrastructure cluster -o=jsonpath={.status.infrastructureName}');
    expect(infrastructure).toEqual(said(sandbox.identity.infrastructureName));
    expect((await oc('get nothing')).code).toBe(1);
  });

  it.skipIf(!kubectl)(`opens a shell in a pod${kubectl ? '' : because('kubectl')}`, async () => {
    await oc('new-project shells');
    await oc('project default');
    await oc('run shell -n shells --image=busybox --restart=Never --command -- sleep 1000');
    expect((await oc('wait -n shells --for=condition=Ready pod/shell --timeout=30s')).code).toBe(0);
    expect(await oc('rsh -n shells shell echo hello')).toEqual(said('hello\n'));
    expect(await oc('rsh --namespace=shells shell', { input: 'echo from a shell\n' })).toEqual(
      said('from a shell\n'),
    );
    expect((await oc('rsh -n shells shell -- false')).code).toBe(1);
    expect(await oc('rsh')).toEqual(failed(1, 'error: rsh requires a valid Pod to be named\n'));
    await oc('delete pod shell -n shells --now');
  });

  it('says what is missing where kubectl is', async () => {
    const { code, stderr } = await oc('get pods', { env: { PATH: join(process.execPath, '..') + ':/bin' } });
    if (code === 0) return console.log('skipped: kubectl stands beside node');
    expect(stderr).toContain('kubectl is not on PATH');
  });
});

describe('rosa', () => {
  it('describes the cluster', async () => {
    const described = JSON.parse((await rosa('describe cluster -c mycluster --output json')).stdout);
    expect(described).toMatchObject({ name: 'mycluster', state: 'ready', id: sandbox.identity.id });
    expect(described.aws.sts.oidc_endpoint_url).toBe(sandbox.identity.issuer);
    expect((await rosa(`describe cluster --cluster=${sandbox.identity.id}`)).stdout).toMatch(
      /^Name: +mycluster\n/,
    );
    expect((await rosa('describe cluster -c mycluster -o yaml')).stdout).toMatch(/^kind: Cluster\n/);
  });

  it('lists clusters and says who is logged in', async () => {
    expect((await rosa('list clusters')).stdout).toMatch(/^ID +NAME +STATE\n\w{32} +mycluster +ready\n$/);
    expect(JSON.parse((await rosa('list clusters -o json')).stdout)).toHaveLength(1);
    expect(JSON.parse((await rosa('whoami -o json')).stdout)).toHaveProperty('username');
  });

  it('fails with ERR', async () => {
    expect(await rosa('describe cluster -c none')).toEqual(
      failed(1, `ERR: There is no cluster with identifier or name 'none'\n`),
    );
    expect(await rosa('describe cluster')).toEqual(failed(1, 'ERR: required flag(s) "cluster" not set\n'));
    expect((await rosa('create cluster')).stderr).toMatch(/^ERR: this small rosa has no 'create cluster'/);
  });
});
