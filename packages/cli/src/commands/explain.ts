// `pergola explain REQUEST_ID`: the recorded checks of one call as a chain; without an id, the last calls.
import { explainCall, type RecordedCall, renderExplanation } from '@pergola/explain';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { renderTable } from '../output/terminal.ts';
import { findRecord, listRecords, requireStatus } from '../running-sandbox.ts';
import { addDataDir, dataDirOf } from '../sandbox-options.ts';

export const explain: Command = {
  path: 'explain',
  summary: 'why a call was answered as it was: explain REQUEST_ID; without an id, the last calls',
  configure: (command) =>
    void addDataDir(command)
      .argument('[request-id]', 'the id that the answer carried (x-amzn-requestid, x-amz-request-id)')
      .option('-o, --output <format>', 'json for programs')
      .option('--failed', 'list only calls that failed'),
  run: async (context, args, options) => {
    const dataDir = dataDirOf(context, options);
    await requireStatus(dataDir);
    const [requestId] = args;
    const json = options['output'] === 'json';
    if (requestId === undefined)
      return listCalls(context, dataDir, { json, failed: options['failed'] === true });
    const record = /^[A-Za-z0-9-]{1,64}$/.test(requestId) ? await findRecord(dataDir, requestId) : undefined;
    if (!record) throw unknownRequest(requestId);
    const explanation = explainCall(record);
    if (json) context.terminal.json(explanation);
    else context.terminal.print(renderExplanation(explanation, context.terminal.paint));
    return exitCodes.ok;
  },
};

function unknownRequest(requestId: string): CliError {
  return new CliError({
    what: `no call with the request id '${requestId}' is recorded`,
    details: 'the last 10,000 calls since the start of the sandbox are kept',
    fix: 'find it among the last calls',
    command: 'pergola explain --failed',
    exitCode: exitCodes.notFound,
  });
}

async function listCalls(
  { terminal }: CliContext,
  dataDir: string,
  wanted: { readonly json: boolean; readonly failed: boolean },
): Promise<number> {
  const all = await listRecords(dataDir, wanted.failed ? 10_000 : 30);
  const calls = all.filter((call) => !wanted.failed || call.status >= 400).slice(0, 30);
  if (wanted.json) {
    terminal.json(calls);
    return exitCodes.ok;
  }
  terminal.print(renderTable([['REQUEST', 'AT', 'CALL', 'ANSWER', 'CALLER'], ...calls.map(rowOf)]));
  return exitCodes.ok;
}

function rowOf(call: RecordedCall): string[] {
  const answer = call.errorCode ? `${call.status} ${call.errorCode}` : String(call.status);
  return [
    call.requestId,
    new Date(call.atMs).toISOString(),
    `${call.service}:${call.operation}`,
    answer,
    call.principal,
  ];
}
