// `aws s3 ls|mb|rb|rm`.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type _Object,
} from '@aws-sdk/client-s3';
import type { CommandLine } from './command-line.ts';
import { calling, Failure, failureText } from './failure.ts';
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
  let found = 0;
  for await (const page of pagesOf(session, wanted)) {
    const lines = [
      ...(page.CommonPrefixes ?? []).map(
        ({ Prefix = '' }) => `${'PRE'.padStart(30)} ${nameBelow(Prefix, key)}`,
      ),
      ...(page.Contents ?? []).map((object) => objectLine(object, deep ? '' : key)),
    ];
    for (const each of lines) process.stdout.write(`${each}\n`);
    found += lines.length;
  }
  return found > 0 || key === '' ? 0 : 1;
}

async function* pagesOf(session: Session, wanted: ListObjectsV2CommandInput) {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ ...wanted, ...(token ? { ContinuationToken: token } : {}) });
    const page = await calling('ListObjectsV2', session.s3.send(command));
    yield page;
    token = page.NextContinuationToken;
  } while (token !== undefined);
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

/** With `--force` its objects go first. */
export async function removeBucket(
  session: Session,
  words: readonly string[],
  line: CommandLine,
): Promise<number> {
  const { bucket } = parseS3Uri(words[0] ?? '');
  if (line.flags.has('force') && (await removeAll(session, { bucket, key: '' }, line)) !== 0) {
    throw new Failure(
      'remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be deleted.',
      255,
    );
  }
  return printing(`remove_bucket: ${bucket}`, 'remove_bucket', `s3://${bucket}`, () =>
    calling('DeleteBucket', session.s3.send(new DeleteBucketCommand({ Bucket: bucket }))),
  );
}

/** One object, or with `--recursive` all below a prefix. */
export async function removeObject(
  session: Session,
  words: readonly string[],
  line: CommandLine,
): Promise<number> {
  const uri = parseS3Uri(words[0] ?? '');
  if (line.flags.has('recursive')) return removeAll(session, uri, line);
  return removeOne(session, uri.bucket, uri.key, line);
}

async function removeAll(session: Session, { bucket, key }: S3Uri, line: CommandLine): Promise<number> {
  let worst = 0;
  try {
    for await (const page of pagesOf(session, { Bucket: bucket, Prefix: key })) {
      for (const { Key = '' } of page.Contents ?? [])
        worst = Math.max(worst, await removeOne(session, bucket, Key, line));
    }
    return worst;
  } catch (error) {
    process.stderr.write(`fatal error: ${failureText(error)}\n`);
    return 1;
  }
}

function removeOne(session: Session, bucket: string, key: string, line: CommandLine): Promise<number> {
  const uri = `s3://${bucket}/${key}`;
  const quiet = line.flags.has('quiet') || line.flags.has('only-show-errors');
  return printing(quiet ? '' : `delete: ${uri}`, 'delete', uri, () =>
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
    if (success !== '') process.stdout.write(`${success}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${verb} failed: ${uri} ${failureText(error)}\n`);
    return 1;
  }
}
