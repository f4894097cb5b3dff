// `pergola logs query 'QL'`: a Logs Insights query, as a table, JSON, CSV or a chart.
import type { AwsTarget } from '@pergola/aws-client';
import { AwsError } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import { InvalidArgumentError, Option } from 'commander';
import { openAws, addAwsOptions } from '../aws-options.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { withAwsFailures } from '../logs/aws-failure.ts';
import { findGroups } from '../logs/find-groups.ts';
import { listGroups, type QueryState, readQuery, startQuery, stopQuery } from '../logs/logs-api.ts';
import { malformedQuery } from '../logs/malformed-query.ts';
import { instantOf, timeOption, type TimeText } from '../logs/time-text.ts';
import { abortOnSignal } from '../next-signal.ts';
import { type Options, textOf, textsOf } from '../options.ts';
import { renderChart } from '../output/query-chart.ts';
import { renderCsv, renderRows } from '../output/query-rows.ts';

/** What StartQuery takes. */
const groupsMax = 50;
const interrupted = 130;

export const logsQuery: Command = {
  path: 'logs query',
  summary: 'run a Logs Insights query',
  configure: (command) =>
    void addAwsOptions(command)
      .argument('<query>', "e.g. 'stats count(*) by bin(1m)'")
      .addOption(timeOption('--since <time>', 'where to begin: 15m, 2h, or a date', '15m'))
      .addOption(timeOption('--until <time>', 'where to end', 'now'))
      .option('--group <name...>', "groups to look at, or patterns like 'rosa-*'")
      .option('--prefix <name>', 'all groups whose names begin so')
      .option('--limit <rows>', 'the most rows to return', wholeNumber)
      .addOption(
        new Option('-o, --output <format>', 'how to show the rows')
          .choices(['table', 'json', 'csv', 'chart'])
          .default('table'),
      ),
  run: async (context, [text = ''], options) => {
    await using aws = await openAws(context, options);
    const signal = abortOnSignal();
    return withAwsFailures(aws.name, async () => {
      const groups = await groupsOf(aws.target, text, options);
      const state = await runQuery(context, aws.target, { text, groups, options, signal });
      if (state === undefined) return interrupted;
      show(context, state, String(options['output']));
      return exitCodes.ok;
    });
  },
};

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
}

/** The names of the groups to query; none when the text names its own. */
async function groupsOf(target: AwsTarget, text: string, options: Options): Promise<string[]> {
  const prefix = textOf(options, 'prefix');
  const named = await findGroups(target, textsOf(options, 'group'));
  const groups = [...named, ...(prefix === undefined ? [] : await listGroups(target, prefix))];
  const names = [...new Set(groups.map(({ name }) => name))];
  if (names.length > groupsMax) {
    throw new CliError({
      what: `a query looks at no more than ${groupsMax} groups, and these are ${names.length}`,
      fix: 'choose fewer, or begin the query with SOURCE',
      exitCode: exitCodes.usage,
    });
  }
  if (names.length > 0 || /^\s*SOURCE\b/i.test(text)) return names;
  throw new CliError({
    what: prefix === undefined ? 'no log group is named' : `no log group begins with '${prefix}'`,
    fix: "name groups with --group or --prefix ('' means all)",
    command: 'pergola logs groups',
    exitCode: prefix === undefined ? exitCodes.usage : exitCodes.notFound,
  });
}

interface QueryRun {
  readonly text: string;
  readonly groups: readonly string[];
  readonly options: Options;
  readonly signal: AbortSignal;
}

/** Runs the query to its end; undefined when Ctrl-C has stopped it. */
async function runQuery(
  context: CliContext,
  target: AwsTarget,
  { text, groups, options, signal }: QueryRun,
): Promise<QueryState | undefined> {
  const nowMs = systemClock.nowMs();
  const startMs = instantOf(options['since'] as TimeText, nowMs);
  const endMs = instantOf(options['until'] as TimeText, nowMs);
  const limit = typeof options['limit'] === 'number' ? options['limit'] : undefined;
  const queryId = await startQuery(target, { text, startMs, endMs, groups, limit }).catch(
    (error: unknown) => {
      throw error instanceof AwsError ? (malformedQuery(text, error) ?? error) : error;
    },
  );
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 1.5, 1_000)) {
    const state = await readQuery(target, queryId);
    context.terminal.progress();
    if (state.status === 'Complete') return state;
    if (state.status !== 'Scheduled' && state.status !== 'Running') {
      throw new CliError({ what: `the query ended as ${state.status}`, details: `query id ${queryId}` });
    }
    progress(context, state);
    await systemClock.sleep(waitMs, signal).catch(() => {});
    if (!signal.aborted) continue;
    await stopQuery(target, queryId);
    return undefined;
  }
}

function progress({ terminal }: CliContext, { recordsScanned, bytesScanned }: QueryState): void {
  if (recordsScanned === 0) return;
  const megabytes = (bytesScanned / 1e6).toFixed(1);
  terminal.progress(terminal.paint('dim', `… ${recordsScanned} events, ${megabytes} MB looked at`));
}

function show({ terminal }: CliContext, state: QueryState, format: string): void {
  const { rows } = state;
  if (format === 'json') return terminal.json(rows.map((row) => Object.fromEntries(row)));
  if (format === 'csv') return terminal.write(renderCsv(rows));
  const chart = format === 'chart' ? renderChart(terminal, rows) : undefined;
  if (rows.length > 0) terminal.print(chart ?? renderRows(terminal, rows));
  if (format === 'chart' && chart === undefined && rows.length > 0) {
    terminal.note('no column is a number throughout, so there is nothing to draw');
  }
  terminal.note(
    terminal.paint(
      'dim',
      `${rows.length} rows; ${state.recordsMatched} of ${state.recordsScanned} events matched, ${(state.bytesScanned / 1e6).toFixed(1)} MB looked at`,
    ),
  );
}
