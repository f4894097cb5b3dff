// `aws s3 cp`: one file up, one down, or one object to another. `-` is standard input or output.
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { CommandLine } from './command-line.ts';
import { calling, callingHead, Failure, failureText, OperationError, UsageError } from './failure.ts';
import { isS3Uri, parseS3Uri, type S3Uri } from './s3-uri.ts';
import type { Session } from './session.ts';

/** Prints `upload: a to s3://b/a`, or `upload failed: …` with exit code 1. */
export async function copy(session: Session, words: readonly string[], line: CommandLine): Promise<number> {
  const [source, target] = words;
  if (source === undefined || target === undefined || !(isS3Uri(source) || isS3Uri(target))) {
    throw new UsageError(
      'usage: aws s3 cp <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>\nError: Invalid argument type',
    );
  }
  if (line.flags.has('recursive'))
    throw new UsageError('this small aws copies one object at a time, not --recursive');
  const { verb, run, shown, check } = transferOf(session, source, target, line);
  try {
    await check();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    process.stderr.write(`fatal error: ${error.message}\n`);
    return 1;
  }
  try {
    await run();
    if (!isQuiet(source, target, line)) process.stdout.write(`${verb}: ${shown}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${verb} failed: ${shown} ${failureText(error)}\n`);
    return 1;
  }
}

const isQuiet = (source: string, target: string, { flags }: CommandLine) =>
  source === '-' || target === '-' || flags.has('quiet') || flags.has('only-show-errors');

interface Transfer {
  readonly verb: 'upload' | 'download' | 'copy';
  readonly shown: string;
  /** Looks for the source before anything is transferred. */
  readonly check: () => Promise<unknown>;
  readonly run: () => Promise<void>;
}

function transferOf(session: Session, source: string, target: string, line: CommandLine): Transfer {
  if (isS3Uri(source) && isS3Uri(target)) {
    const to = withName(parseS3Uri(target), parseS3Uri(source).key);
    return {
      verb: 'copy',
      shown: `${source} to ${uriOf(to)}`,
      check: () => head(session, parseS3Uri(source)),
      run: () => copyObject(session, parseS3Uri(source), to),
    };
  }
  if (isS3Uri(target)) {
    const to = withName(parseS3Uri(target), source);
    return {
      verb: 'upload',
      shown: `${localName(source)} to ${uriOf(to)}`,
      check: () => assertFile(source),
      run: () => upload(session, source, to, line),
    };
  }
  const from = parseS3Uri(source);
  const path = isFolder(target) ? `${target.replace(/\/$/, '')}/${basename(source)}` : target;
  return {
    verb: 'download',
    shown: `${source} to ${localName(path)}`,
    check: async () => path === '-' || head(session, from),
    run: () => download(session, from, path),
  };
}

const isFolder = (path: string) =>
  path.endsWith('/') || (path !== '-' && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false));

function head(session: Session, { bucket, key }: S3Uri, absent = `Key "${key}" does not exist`) {
  return callingHead(
    'HeadObject',
    session.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
    absent,
  );
}

async function assertFile(path: string): Promise<void> {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  throw new Failure(`The user-provided path ${path} does not exist.`, 255);
}

/** A target that names only a bucket or a folder gets the source's name. */
function withName(target: S3Uri, source: string): S3Uri {
  const folder = target.key === '' || target.key.endsWith('/');
  return folder ? { ...target, key: target.key + basename(source) } : target;
}

const uriOf = (uri: S3Uri) => `s3://${uri.bucket}/${uri.key}`;
const localName = (path: string) => (/^(\/|\.|-$)/.test(path) ? path : `./${path}`);

async function upload(session: Session, path: string, to: S3Uri, line: CommandLine): Promise<void> {
  const contentType = line.options.get('content-type');
  const body: { Body: Readable | Buffer; ContentLength?: number } =
    path === '-'
      ? { Body: await readAll(process.stdin) }
      : { Body: createReadStream(path), ContentLength: statSync(path).size };
  await calling(
    'PutObject',
    session.s3.send(
      new PutObjectCommand({
        Bucket: to.bucket,
        Key: to.key,
        ...body,
        ...(contentType ? { ContentType: contentType } : {}),
      }),
    ),
  );
}

async function download(session: Session, from: S3Uri, path: string): Promise<void> {
  // What goes to a pipe is looked for here, and then named by the status alone.
  if (path === '-') await head(session, from, 'Not Found');
  const { Body } = await calling(
    'GetObject',
    session.s3.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key })),
  );
  await pipeline(Body as Readable, path === '-' ? process.stdout : createWriteStream(path), {
    end: path !== '-',
  });
}

async function copyObject(session: Session, from: S3Uri, to: S3Uri): Promise<void> {
  const source = `${from.bucket}/${from.key.split('/').map(encodeURIComponent).join('/')}`;
  await calling(
    'CopyObject',
    session.s3.send(new CopyObjectCommand({ Bucket: to.bucket, Key: to.key, CopySource: source })),
  );
}

async function readAll(input: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks);
}
