// `aws s3 ls|mb|rb|rm`.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type _Object,
} from '@aws-sdk/client-s3';
import type { CommandLine } from './command-line.ts';
import { calling, failureText, UsageError } from './failure.ts';
import { isS3Uri, parseS3Uri, type S3Uri } from './s3-uri.ts';
import type { Session } from './session.ts';

/** Buckets, or the objects and prefixes below one, as the real one lays them out. */
export async function list(session: Session, words: readonly string[], line: CommandLine): Promise<number> {
  const [uri] = words;
  if (uri !== undefined) return listObjects(session, parseS3Uri(isS3Uri(uri) ? uri : `s3://${uri}`), line);
  const { Buckets = [] } = await calling('ListBuckets', session.s3.send(new ListBucketsCommand({})));
  for (const bucket of Buckets) process.stdout.write(`${stamp(bucket.CreationDate)} ${bucket.Name}\n`);
  return 0;
}

async function listObjects(session: Session, { bucket, key }: S3Uri, line: CommandLine): Promise<number> {
  const deep = line.flags.has('recursive');
  const wanted = { Bucket: bucket, Prefix: key, ...(deep ? {} : { Delimiter: '/' }) };
  let token: string | undefined;
  let found = 0;
  do {
    const command = new ListObjectsV2Command({ ...wanted, ...(token ? { ContinuationToken: token } : {}) });
    const page = await calling('ListObjectsV2', session.s3.send(command));
    const lines = [
      ...(page.CommonPrefixes ?? []).map(
        ({ Prefix = '' }) => `${'PRE'.padStart(30)} ${nameBelow(Prefix, key)}`,
      ),
      ...(page.Contents ?? []).map((object) => objectLine(object, deep ? '' : key)),
    ];
    for (const each of lines) process.stdout.write(`${each}\n`);
    found += lines.length;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found > 0 || key === '' ? 0 : 1;
}

function objectLine(object: _Object, prefix: string): string {
  return `${stamp(object.LastModified)} ${String(object.Size ?? 0).padStart(10)} ${nameBelow(object.Key ?? '', prefix)}`;
}

/** `2026-01-02 03:04:05`, local time. */
function stamp(date: Date | undefined): string {
  if (!date) return ''.padEnd(19);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

const nameBelow = (key: string, prefix: string) => key.slice(prefix.lastIndexOf('/') + 1);

export async function makeBucket(session: Session, words: readonly string[]): Promise<number> {
  const { bucket } = parseS3Uri(words[0] ?? '');
  const elsewhere =
    session.region === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: session.region as never } };
  return printing(`make_bucket: ${bucket}`, 'make_bucket', `s3://${bucket}`, () =>
    calling('CreateBucket', session.s3.send(new CreateBucketCommand({ Bucket: bucket, ...elsewhere }))),
  );
}

export async function removeBucket(
  session: Session,
  words: readonly string[],
  line: CommandLine,
): Promise<number> {
  const { bucket } = parseS3Uri(words[0] ?? '');
  if (line.flags.has('force')) throw new UsageError('this small aws removes empty buckets only, not --force');
  return printing(`remove_bucket: ${bucket}`, 'remove_bucket', `s3://${bucket}`, () =>
    calling('DeleteBucket', session.s3.send(new DeleteBucketCommand({ Bucket: bucket }))),
  );
}

export async function removeObject(
  session: Session,
  words: readonly string[],
  line: CommandLine,
): Promise<number> {
  const { bucket, key } = parseS3Uri(words[0] ?? '');
  if (line.flags.has('recursive') || key === '')
    throw new UsageError('this small aws removes one object at a time');
  return printing(`delete: s3://${bucket}/${key}`, 'delete', `s3://${bucket}/${key}`, () =>
    calling('DeleteObject', session.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))),
  );
}

async function printing(
  success: string,
  verb: string,
  uri: string,
  run: () => Promise<unknown>,
): Promise<number> {
  try {
    await run();
    process.stdout.write(`${success}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${verb} failed: ${uri} ${failureText(error)}\n`);
    return 1;
  }
}
