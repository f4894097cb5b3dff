// Versions of objects as people meet them: with the AWS command line, and with boto3's resources.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, hasBoto3, run } from './clients.ts';

const aws = findProgram('aws');
const boto3 = hasBoto3();
let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const tryS3Api = (words: readonly string[]) =>
  run(aws ?? 'aws', ['s3api', ...words], { env: endpoint.env, cwd: endpoint.folder });

async function s3api(...words: string[]): Promise<Record<string, unknown>> {
  const ran = await tryS3Api(words);
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout || '{}') as Record<string, unknown>;
}

describe.skipIf(!aws)(`aws${aws ? '' : because('aws')}`, () => {
  it('keeps, finds and restores a version', async () => {
    const bucket = ['--bucket', 'aws-versions'];
    const object = [...bucket, '--key', 'note.txt'];
    await s3api('create-bucket', ...bucket);
    await s3api('put-bucket-versioning', ...bucket, '--versioning-configuration', 'Status=Enabled');
    expect(await s3api('get-bucket-versioning', ...bucket)).toEqual({ Status: 'Enabled' });
    writeFileSync(join(endpoint.folder, 'note.txt'), 'first');
    const { VersionId: first } = await s3api('put-object', ...object, '--body', 'note.txt');
    const { VersionId: marker } = await s3api('delete-object', ...object);
    expect((await tryS3Api(['head-object', ...object])).stderr).toContain('(404)');
    const byMarker = await tryS3Api(['head-object', ...object, '--version-id', String(marker)]);
    expect(byMarker.stderr).toContain('(405)');
    expect(await s3api('head-object', ...object, '--version-id', String(first))).toMatchObject({
      ContentLength: 5,
      VersionId: first,
    });
    expect(await s3api('list-object-versions', ...bucket)).toMatchObject({
      Versions: [{ Key: 'note.txt', VersionId: first, IsLatest: false }],
      DeleteMarkers: [{ Key: 'note.txt', VersionId: marker, IsLatest: true }],
    });
    await s3api('delete-object', ...object, '--version-id', String(marker));
    expect(await s3api('get-object', ...object, 'back.txt')).toMatchObject({ VersionId: first });
  });
});

describe.skipIf(!boto3)(`boto3${boto3 ? '' : because('boto3')}`, () => {
  it('reads the history of an object and wipes all of a bucket', async () => {
    const script = join(import.meta.dirname, 'boto3-scenarios.py');
    const ran = await run('python3', [script, 'versions'], { env: endpoint.env });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({
      old: ['0', '1', '2'],
      newest: [true, true, true],
      current: 0,
      wiped: 1_104,
    });
    expect(endpoint.bugs).toEqual([]);
  });
});
