// An export as it runs: files of gzipped lines `{"Item":{…}}`, then the manifests that name them, in the layout of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { alphabets } from '@pergola/kernel';
import type { ByteEntry, ByteSnapshot } from '@pergola/store';
import { bodyOf } from '../../../inside-call.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import { tableArn } from '../arn.ts';
import { walkItemsAt } from '../backups/copying.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { wireJson } from '../faults.ts';
import { decodeItem } from '../storage/item-record.ts';
import { arnOf, type Exporter, type ExportRecord } from './export-record.ts';

const compress = promisify(gzip);
/** Of lines before they are compressed: what is held in memory. */
const FILE_BYTES = 16 * 1_048_576;
const NAME_CHARS = 26;

interface File {
  readonly itemCount: number;
  readonly md5Checksum: string;
  readonly etag: string;
  readonly dataFileS3Key: string;
}

export type Exported = Pick<ExportRecord, 'items' | 'bytes' | 'manifest'>;

/** Writes everything. Rejects with S3's fault. */
export async function runExport(
  plane: PlaneContext,
  record: ExportRecord,
  { snapshot, exporter }: { readonly snapshot: ByteSnapshot; readonly exporter: Exporter },
): Promise<Exported> {
  const folder = [...(record.prefix ? [record.prefix] : []), 'AWSDynamoDB', record.id].join('/');
  const put = (name: string, body: Buffer) =>
    putObject(plane, record, exporter, { key: `${folder}/${name}`, body });
  // S3 is asked before the table is read, so that a bucket that refuses costs nothing.
  await put('_started', Buffer.alloc(0));
  const files: File[] = [];
  let [lines, size, bytes]: [string[], number, number] = [[], 0, 0];
  const flush = async () => {
    if (lines.length === 0) return;
    const name = `data/${plane.random.text(NAME_CHARS, alphabets.lowerAlphanumeric)}.json.gz`;
    const body = await compress(lines.join(''));
    await put(name, body);
    files.push({ itemCount: lines.length, ...digests(body), dataFileS3Key: `${folder}/${name}` });
    [lines, size] = [[], 0];
  };
  await walkItemsAt({ snapshot, table: record.table, atMs: record.atMs }, async (entries) => {
    dynamoOf(plane).chores.stopping.throwIfAborted();
    for (const entry of entries) {
      const { line, itemBytes } = lineOf(entry);
      lines.push(line);
      size += line.length;
      bytes += itemBytes;
      if (size >= FILE_BYTES) await flush();
    }
  });
  await flush();
  const items = files.reduce((sum, { itemCount }) => sum + itemCount, 0);
  await putManifest(put, 'manifest-files', files.map((file) => JSON.stringify(file)).join('\n'));
  await putManifest(
    put,
    'manifest-summary',
    JSON.stringify(summaryOf(plane, record, { folder, items, bytes })),
  );
  return { items, bytes, manifest: `${folder}/manifest-summary.json` };
}

function lineOf({ value }: ByteEntry): { readonly line: string; readonly itemBytes: number } {
  const { item, bytes } = decodeItem(value);
  return { line: `${JSON.stringify({ Item: wireJson(item) })}\n`, itemBytes: bytes };
}

function digests(body: Buffer): { readonly md5Checksum: string; readonly etag: string } {
  const digest = createHash('md5').update(body).digest();
  return { md5Checksum: digest.toString('base64'), etag: digest.toString('hex') };
}

type Put = (name: string, body: Buffer) => Promise<void>;

async function putManifest(put: Put, name: string, text: string): Promise<void> {
  const body = Buffer.from(text);
  await put(`${name}.json`, body);
  await put(`${name}.md5`, Buffer.from(digests(body).md5Checksum));
}

function summaryOf(
  plane: PlaneContext,
  record: ExportRecord,
  { folder, items, bytes }: { readonly folder: string; readonly items: number; readonly bytes: number },
): object {
  return {
    version: '2020-06-30',
    exportArn: arnOf(record),
    startTime: new Date(record.startedMs).toISOString(),
    endTime: new Date(plane.clock.nowMs()).toISOString(),
    tableArn: tableArn(record.table),
    tableId: record.table.tableId,
    exportTime: new Date(record.atMs).toISOString(),
    s3Bucket: record.bucket,
    s3Prefix: record.prefix ?? null,
    s3SseAlgorithm: 'AES256',
    s3SseKmsKeyId: null,
    manifestFilesS3Key: `${folder}/manifest-files.json`,
    billedSizeBytes: bytes,
    itemCount: items,
    outputFormat: 'DYNAMODB_JSON',
    exportType: 'FULL_EXPORT',
  };
}

async function putObject(
  plane: PlaneContext,
  { table, bucket }: ExportRecord,
  { as, session }: Exporter,
  { key, body }: { readonly key: string; readonly body: Buffer },
): Promise<void> {
  await plane.ports.callInside({
    as,
    session,
    account: table.account,
    region: table.region,
    service: 's3',
    operation: 'PutObject',
    input: { Bucket: bucket, Key: key, Body: bodyOf(body) },
  });
}
