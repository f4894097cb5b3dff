// ExportTableToPointInTime, DescribeExport and ListExports. An export writes with the rights of whoever asked for it.
import type {
  DescribeExportInput,
  DescribeExportOutput,
  ExportTableToPointInTimeInput,
  ExportTableToPointInTimeOutput,
  ListExportsInput,
  ListExportsOutput,
} from '@aws-sdk/client-dynamodb';
import { alphabets } from '@pergola/kernel';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnResource, checkOnTable, onAccount } from '../access.ts';
import { homeOf, parseArn, resourceOf, tableArn, tableNameOf } from '../arn.ts';
import { assertRecovery, isRecoverable } from '../backups/recovery.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { findTable } from '../tables/table-state.ts';
import {
  arnOf,
  everyExport,
  type ExportRecord,
  exportShape,
  exportsOf,
  findExport,
  putExport,
} from './export-record.ts';
import { runExport } from './export-run.ts';

const ID_DIGITS = 8;

export const exportTableToPointInTime = defineOperation<
  ExportTableToPointInTimeInput,
  ExportTableToPointInTimeOutput
>({
  name: 'ExportTableToPointInTime',
  access: {
    iam: (input, call) => [checkOnTable(call, 'ExportTableToPointInTime', tableNameOf(call, input.TableArn))],
  },
  validate: assertOffered,
  async handle(call, input) {
    const { plane } = call;
    const { bytes } = dynamoOf(plane);
    const record = recordOf(call, input);
    const { value: known } = await plane.store.transact((tx) => {
      const earlier = exportsOf(tx, homeOf(call)).find(
        ({ token }) => input.ClientToken !== undefined && token === input.ClientToken,
      );
      if (earlier) return assertSame(call, earlier, input);
      putExport(tx, record);
      return undefined;
    });
    if (known) return { ExportDescription: exportShape(known) };
    const exporter = { as: call.principal.facts, session: call.principal.session };
    void run(plane, record, { snapshot: bytes.snapshot(), exporter });
    return { ExportDescription: exportShape(record) };
  },
});

/** A token stands for one export. */
function assertSame(call: Call, known: ExportRecord, input: ExportTableToPointInTimeInput): ExportRecord {
  const same =
    tableArn(known.table) === tableArn(tableNameOf(call, input.TableArn)) &&
    known.bucket === input.S3Bucket &&
    known.prefix === prefixOf(input) &&
    (input.ExportTime === undefined || known.atMs === input.ExportTime.getTime());
  if (same) return known;
  throw new AwsFault(
    'ExportConflictException',
    400,
    'There was a conflict when writing to the specified S3 bucket: the client token belongs to another export',
  );
}

const prefixOf = ({ S3Prefix: prefix }: ExportTableToPointInTimeInput) =>
  prefix?.replace(/^\/+|\/+$/g, '') || undefined;

function assertOffered(input: ExportTableToPointInTimeInput): void {
  if (input.ExportFormat === 'ION') throw faults.notImplemented('The format ION');
  if (input.ExportType === 'INCREMENTAL_EXPORT' || input.IncrementalExportSpecification)
    throw faults.notImplemented('An incremental export');
  if (input.S3SseAlgorithm === 'KMS') throw faults.notImplemented('Encryption of exports by KMS');
}

function recordOf(call: Call, input: ExportTableToPointInTimeInput): ExportRecord {
  const { plane, nowMs } = call;
  const at = tableNameOf(call, input.TableArn);
  const table = findTable(plane.store, at)?.record;
  if (!table || table.restoring) throw faults.tableNotFound(at.name);
  const recovery = assertRecovery(table);
  const atMs = input.ExportTime?.getTime() ?? nowMs;
  if (!isRecoverable(recovery, atMs, nowMs))
    throw new AwsFault(
      'InvalidExportTimeException',
      400,
      'Invalid export time: it must be within the period of point in time recovery',
    );
  return {
    id: `${String(nowMs).padStart(14, '0')}-${plane.random.text(ID_DIGITS, alphabets.hex)}`,
    table,
    startedMs: nowMs,
    atMs,
    bucket: input.S3Bucket ?? '',
    prefix: prefixOf(input),
    token: input.ClientToken ?? plane.random.uuid(),
    status: 'IN_PROGRESS',
  };
}

type Means = Parameters<typeof runExport>[2];

async function run(plane: PlaneContext, record: ExportRecord, means: Means): Promise<void> {
  await dynamoOf(plane).chores.run('export a table', async () => {
    let end: Partial<ExportRecord>;
    try {
      end = { ...(await runExport(plane, record, means)), status: 'COMPLETED' };
    } catch (error) {
      if (!(error instanceof AwsFault)) plane.logger.error({ error }, 'could not export a table');
      end = { status: 'FAILED', failure: failureOf(error) };
    }
    const endedMs = plane.clock.nowMs();
    await plane.store.transact((tx) => putExport(tx, { ...record, ...end, endedMs }));
  });
  means.snapshot.release();
}

function failureOf(error: unknown): ExportRecord['failure'] {
  if (!(error instanceof AwsFault)) return { code: 'UNKNOWN', message: 'The export has failed.' };
  const code = error.code === 'AccessDenied' ? 'S3AccessDenied' : `S3${error.code}`;
  return { code, message: error.message };
}

/** Exports that the end of the last plane interrupted have failed: whose rights they had is forgotten. */
export async function failInterruptedExports({ store, clock }: PlaneContext): Promise<void> {
  const open = everyExport(store).filter(({ status }) => status === 'IN_PROGRESS');
  if (open.length === 0) return;
  const failure = { code: 'UNKNOWN', message: 'The endpoint was stopped while the export ran.' };
  await store.transact((tx) =>
    open.forEach((record) => putExport(tx, { ...record, status: 'FAILED', failure, endedMs: clock.nowMs() })),
  );
}

export const describeExport = defineOperation<DescribeExportInput, DescribeExportOutput>({
  name: 'DescribeExport',
  access: {
    iam(input, call) {
      if (parseArn(input.ExportArn ?? '')?.kind !== 'export')
        throw faults.validation(`Invalid export ARN: ${input.ExportArn ?? ''}`);
      return [checkOnResource(call, 'DescribeExport', resourceOf(call, input.ExportArn))];
    },
  },
  handle(call, input) {
    const found = findExport(call.plane.store, input.ExportArn ?? '');
    if (!found) throw new AwsFault('ExportNotFoundException', 400, `Export not found: ${input.ExportArn}`);
    return { ExportDescription: exportShape(found) };
  },
});

const PAGE_EXPORTS = 25;

export const listExports = defineOperation<ListExportsInput, ListExportsOutput>({
  name: 'ListExports',
  access: onAccount('ListExports'),
  handle(call, input) {
    const all = exportsOf(call.plane.store, homeOf(call)).filter(
      ({ table }) => input.TableArn === undefined || tableArn(table) === input.TableArn,
    );
    const start =
      input.NextToken === undefined ? 0 : all.findIndex((one) => arnOf(one) === input.NextToken) + 1;
    const page = all.slice(start, start + (input.MaxResults ?? PAGE_EXPORTS));
    const last = page.at(-1);
    return {
      ExportSummaries: page.map((one) => ({
        ExportArn: arnOf(one),
        ExportStatus: one.status,
        ExportType: 'FULL_EXPORT' as const,
      })),
      ...(last && start + page.length < all.length && { NextToken: arnOf(last) }),
    };
  },
});
