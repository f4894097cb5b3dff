// The real AWS command line against the endpoint: what a person types, and what comes back.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type AwsEndpoint, policyText, publishIssuer, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, type Ran, run } from './clients.ts';

const aws = findProgram('aws');
let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const file = (name: string) => join(endpoint.folder, name);

/** Runs `aws` with these words, and JSON as its output unless they say otherwise. */
function tryAws(words: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return run(aws ?? 'aws', words, { env: { ...endpoint.env, ...env }, cwd: endpoint.folder });
}

async function text(...words: string[]): Promise<string> {
  const ran = await tryAws(words);
  expect(ran.code, `aws ${words.join(' ')}\n${ran.stdout}\n${ran.stderr}`).toBe(0);
  return ran.stdout;
}

async function json(...words: string[]): Promise<unknown> {
  return JSON.parse((await text(...words)) || 'null');
}

/** The complaint of a command that must fail. */
async function refusal(words: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const ran = await tryAws(words, env);
  expect(ran.code, `aws ${words.join(' ')} succeeded`).not.toBe(0);
  return ran.stderr.trim();
}

const trustAccount = policyText({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'sts:AssumeRole',
});
const readOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

// Side by side, for each command spends most of a second on loading Python; no two tests share a name.
describe.skipIf(!aws).concurrent(`aws${aws ? '' : because('aws')}`, { timeout: 300_000 }, () => {
  it('sts: says who calls, and takes a role by its profile', async () => {
    expect(await json('sts', 'get-caller-identity')).toMatchObject({
      Account: account,
      Arn: `arn:aws:iam::${account}:user/admin`,
    });
    const role = [
      'iam',
      'create-role',
      '--role-name',
      'reader',
      '--assume-role-policy-document',
      trustAccount,
    ];
    expect(await json(...role)).toMatchObject({
      Role: {
        Arn: `arn:aws:iam::${account}:role/reader`,
        RoleId: expect.stringMatching(/^AROA/),
        AssumeRolePolicyDocument: JSON.parse(trustAccount),
      },
    });
    await text('iam', 'attach-role-policy', '--role-name', 'reader', '--policy-arn', readOnly);
    writeFileSync(
      file('aws-config'),
      `[profile reader]\nrole_arn = arn:aws:iam::${account}:role/reader\ncredential_source = Environment\nrole_session_name = by-profile\n`,
    );
    expect(await json('sts', 'get-caller-identity', '--profile', 'reader')).toMatchObject({
      Arn: `arn:aws:sts::${account}:assumed-role/reader/by-profile`,
      UserId: expect.stringMatching(/^AROA[A-Z0-9]{17}:by-profile$/),
    });
    expect(await refusal(['s3', 'mb', 's3://not-for-readers', '--profile', 'reader'])).toContain(
      `(AccessDenied) when calling the CreateBucket operation: User: arn:aws:sts::${account}:assumed-role/reader/by-profile is not authorized to perform: s3:CreateBucket`,
    );
  });

  it('sts: takes a role with the token of a pod', async () => {
    const subject = 'system:serviceaccount:shop:cart';
    const issuer = await publishIssuer(endpoint, 'cli-oidc');
    const trust = issuer.trustPolicyFor(subject);
    await text('iam', 'create-role', '--role-name', 'cart', '--assume-role-policy-document', trust);
    const asPod = async (session: string, name: string) => ({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_ROLE_ARN: `arn:aws:iam::${account}:role/cart`,
      AWS_WEB_IDENTITY_TOKEN_FILE: await issuer.tokenFileFor(name),
      AWS_ROLE_SESSION_NAME: session,
    });
    const words = ['sts', 'get-caller-identity'];
    const answer = await tryAws(words, await asPod('cart', subject));
    expect(answer.stdout, answer.stderr).toContain(`arn:aws:sts::${account}:assumed-role/cart/cart`);
    expect(await refusal(words, await asPod('other', 'system:serviceaccount:shop:other'))).toContain(
      '(AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
  });

  it('iam: policies, attachments, users and their keys', async () => {
    const document = policyText({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });
    const arn = `arn:aws:iam::${account}:policy/lister`;
    await text('iam', 'create-policy', '--policy-name', 'lister', '--policy-document', document);
    expect(await json('iam', 'get-policy-version', '--policy-arn', arn, '--version-id', 'v1')).toMatchObject({
      PolicyVersion: { Document: JSON.parse(document), IsDefaultVersion: true },
    });
    const user = await json('iam', 'create-user', '--user-name', 'robot', '--path', '/ci/');
    expect(user).toMatchObject({ User: { Arn: `arn:aws:iam::${account}:user/ci/robot` } });
    const { AccessKey } = (await json('iam', 'create-access-key', '--user-name', 'robot')) as {
      AccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    const asRobot = {
      AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey,
    };
    expect(await refusal(['s3', 'ls'], asRobot)).toContain(
      `User: arn:aws:iam::${account}:user/ci/robot is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    );
    await text('iam', 'attach-user-policy', '--user-name', 'robot', '--policy-arn', arn);
    expect((await tryAws(['s3', 'ls'], asRobot)).code).toBe(0);
    expect(await json('iam', 'list-users', '--query', 'Users[].UserName', '--page-size', '1')).toEqual([
      'admin',
      'robot',
    ]);
    expect(await refusal(['iam', 'delete-user', '--user-name', 'robot'])).toContain(
      '(DeleteConflict) when calling the DeleteUser operation: Cannot delete entity, must',
    );
    expect(await refusal(['iam', 'get-role', '--role-name', 'nobody'])).toContain(
      '(NoSuchEntity) when calling the GetRole operation: The role with name nobody cannot be found.',
    );
  });

  it('s3: moves files of any size, there and back', async () => {
    const big = randomBytes(20_000_000);
    writeFileSync(file('big'), big);
    expect(await text('s3', 'mb', 's3://files')).toBe('make_bucket: files\n');
    await text('s3', 'cp', '--only-show-errors', 'big', 's3://files/a folder/größe+1.bin');
    expect(endpoint.plane.records.list({ limit: 1_000 }).map(({ operation }) => operation)).toContain(
      'CompleteMultipartUpload',
    );
    await text('s3', 'cp', '--only-show-errors', 's3://files/a folder/größe+1.bin', 'back');
    expect(readFileSync(file('back')).equals(big)).toBe(true);
    expect(await text('s3', 'ls', 's3://files', '--recursive')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +20000000 a folder\/größe\+1\.bin\n$/,
    );
    for (const signedIn of ['us-east-1', 'eu-central-1']) {
      const words = ['s3', 'presign', 's3://files/a folder/größe+1.bin'];
      const { stdout } = await tryAws(words, { AWS_DEFAULT_REGION: signedIn, AWS_REGION: signedIn });
      const answer = await fetch(stdout.trim());
      expect(Buffer.from(await answer.arrayBuffer()).equals(big), signedIn).toBe(true);
      expect((await fetch(stdout.trim().replace('a%20folder', 'other'))).status).toBe(403);
    }
  });

  it('s3: keeps a folder in step, and empties a bucket', async () => {
    mkdirSync(file('site/css'), { recursive: true });
    for (const name of ['index.html', 'about.html', 'css/main.css'])
      writeFileSync(file(`site/${name}`), name);
    await text('s3', 'mb', 's3://site');
    const sync = ['s3', 'sync', '--delete', 'site', 's3://site', '--no-progress'];
    expect((await text(...sync)).trim().split('\n')).toHaveLength(3);
    writeFileSync(file('site/index.html'), 'a longer text');
    writeFileSync(file('site/new.html'), '');
    expect((await text(...sync, '--exclude', 'about.html')).trim().split('\n').sort()).toEqual([
      expect.stringContaining('to s3://site/index.html'),
      expect.stringContaining('to s3://site/new.html'),
    ]);
    expect(await text('s3', 'ls', 's3://site/')).toMatch(
      /PRE css\/\n.* about\.html\n.* index\.html\n.* new\.html\n$/,
    );
    expect(await refusal(['s3', 'rb', 's3://site'])).toContain(
      '(BucketNotEmpty) when calling the DeleteBucket operation: The bucket you tried to delete is not empty',
    );
    await text('s3', 'rb', '--force', 's3://site');
    expect(await refusal(['s3', 'ls', 's3://site'])).toContain(
      '(NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist',
    );
  });

  it('s3api: one operation at a time', async () => {
    const bucket = ['--bucket', 'parts'];
    expect(await json('s3api', 'create-bucket', ...bucket)).toMatchObject({ Location: '/parts' });
    writeFileSync(file('hello'), 'hello, world');
    mkdirSync(file('more/c'), { recursive: true });
    for (const name of ['b', 'c/d']) writeFileSync(file(`more/${name}`), name);
    const put = ['--body', 'hello', '--content-type', 'text/plain', '--metadata', 'mood=fine,tries=2'];
    await text('s3api', 'put-object', ...bucket, '--key', 'a', ...put);
    await text('s3', 'cp', '--only-show-errors', '--recursive', 'more', 's3://parts');
    const range = ['--key', 'a', '--range', 'bytes=7-11', 'piece'];
    expect(await json('s3api', 'get-object', ...bucket, ...range)).toMatchObject({
      ContentRange: 'bytes 7-11/12',
      ContentLength: 5,
      ContentType: 'text/plain',
      Metadata: { mood: 'fine', tries: '2' },
    });
    expect(readFileSync(file('piece'), 'utf8')).toBe('world');
    expect(await refusal(['s3api', 'head-object', ...bucket, '--key', 'none'])).toContain(
      '(404) when calling the HeadObject operation: Not Found',
    );
    const list = ['s3api', 'list-objects-v2', ...bucket, '--page-size', '1', '--query', 'Contents[].Key'];
    expect(await json(...list)).toEqual(['a', 'b', 'c/d']);
    const first = (await json('s3api', 'list-objects-v2', ...bucket, '--max-items', '2')) as {
      NextToken: string;
    };
    const second = ['s3api', 'list-objects-v2', ...bucket, '--starting-token', first.NextToken];
    expect(await json(...second, '--query', 'Contents[].Key')).toEqual(['c/d']);
    const gone = { Objects: [{ Key: 'a' }, { Key: 'c/d' }, { Key: 'never there' }] };
    expect(await json('s3api', 'delete-objects', ...bucket, '--delete', JSON.stringify(gone))).toEqual({
      Deleted: gone.Objects,
    });
    const policy = policyText({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::parts/*',
    });
    await text('s3api', 'put-bucket-policy', ...bucket, '--policy', policy);
    expect(await text('s3api', 'get-bucket-policy', ...bucket, '--query', 'Policy', '--output', 'text')).toBe(
      `${policy}\n`,
    );
    expect(await refusal(['s3api', 'get-object', ...bucket, '--key', 'b', 'piece'])).toContain(
      `User: arn:aws:iam::${account}:user/admin is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::parts/b" with an explicit deny in a resource-based policy`,
    );
  });
});
