// `pergola logs tail GROUP…`: what log groups hold since a while ago, then what arrives, until Ctrl-C.
import { systemClock } from '@pergola/kernel';
import type { AwsTarget } from '@pergola/aws-client';
import { Option } from 'commander';
import { openAws, addAwsOptions } from '../aws-options.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { withAwsFailures } from '../logs/aws-failure.ts';
import { findGroups } from '../logs/find-groups.ts';
import { followGroups } from '../logs/follow.ts';
import { filterEvents, type LogEvent, type LogGroup } from '../logs/logs-api.ts';
import { instantOf, timeOption, type TimeText } from '../logs/time-text.ts';
import { abortOnSignal } from '../next-signal.ts';
import { type Options, textOf } from '../options.ts';
import { lineWriter } from '../output/log-lines.ts';

/** What StartLiveTail takes. */
const groupsMax = 10;

export const logsTail: Command = {
  path: 'logs tail',
  summary: "show a log group's events and follow what arrives",
  configure: (command) =>
    void addAwsOptions(command)
      .argument('<group...>', "names of groups, or patterns like 'rosa-*'; at most ten")
      .option('--filter <pattern>', 'only events that match this filter pattern')
      .addOption(timeOption('--since <time>', 'where to begin: 10m, 2h, or a date', '10m'))
      .option('--stream <prefix>', 'only streams whose names begin so; with one group')
      .option('--no-follow', 'end after what is there already')
      .addOption(
        new Option('-o, --output <format>', 'json: one object a line')
          .choices(['text', 'json'])
          .default('text'),
      ),
  run: async (context, args, options) => {
    await using aws = await openAws(context, options);
    const signal = abortOnSignal();
    return withAwsFailures(aws.name, async () => {
      const groups = await findGroups(aws.target, args, signal);
      checkGroups(groups, options);
      const tail = tailOf(context, aws.target, groups, options);
      await (options['follow'] === false ? showHistory(tail, signal) : followGroups({ ...tail, signal }));
      return exitCodes.ok;
    }).catch((error: unknown) => {
      // Ctrl-C is how a tail ends.
      if (signal.aborted) return exitCodes.ok;
      throw error;
    });
  },
};

function checkGroups(groups: readonly LogGroup[], options: Options): void {
  if (options['follow'] !== false && groups.length > groupsMax) {
    throw new CliError({
      what: `a live tail follows at most ${groupsMax} groups, and these are ${groups.length}`,
      fix: 'name fewer, or use --no-follow',
      exitCode: exitCodes.usage,
    });
  }
  if (textOf(options, 'stream') !== undefined && groups.length > 1) {
    throw new CliError({ what: '--stream needs a single group', exitCode: exitCodes.usage });
  }
}

function tailOf({ terminal }: CliContext, target: AwsTarget, groups: readonly LogGroup[], options: Options) {
  return {
    target,
    groups,
    pattern: textOf(options, 'filter'),
    streamPrefix: textOf(options, 'stream'),
    sinceMs: instantOf(options['since'] as TimeText, systemClock.nowMs()),
    clock: systemClock,
    onEvent: lineWriter(terminal, options['output'] === 'json'),
    onNotice: (text: string) => terminal.note(terminal.paint('yellow', text)),
  };
}

type Tail = ReturnType<typeof tailOf>;

/** Everything until now, the groups merged by time. */
async function showHistory({ target, groups, onEvent, ...tail }: Tail, signal: AbortSignal): Promise<void> {
  const { pattern, streamPrefix, sinceMs: startMs } = tail;
  const sources = groups.map(({ name }) =>
    filterEvents(target, { group: name, startMs, pattern, streamPrefix }, signal),
  );
  for await (const event of mergeByTime(sources)) onEvent(event);
}

/** Holds one page of each source, so that memory stays bounded however long the history is. */
async function* mergeByTime(
  sources: readonly AsyncGenerator<readonly LogEvent[]>[],
): AsyncGenerator<LogEvent> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, page: await nextPage(source) })));
  for (;;) {
    const waiting = heads.filter(({ page }) => page.length > 0);
    if (waiting.length === 0) return;
    const first = waiting.reduce((best, head) => (timeOf(head.page) < timeOf(best.page) ? head : best));
    const event = first.page.pop();
    if (event) yield event;
    if (first.page.length === 0) first.page = await nextPage(first.source);
  }
}

/** The next page that is not empty, latest first so that its end is the next event; empty: there is none. */
async function nextPage(source: AsyncGenerator<readonly LogEvent[]>): Promise<LogEvent[]> {
  for (;;) {
    const { done, value } = await source.next();
    if (done) return [];
    if (value.length > 0) return value.toReversed();
  }
}

function timeOf(page: readonly LogEvent[]): number {
  return page.at(-1)?.timestampMs ?? Number.POSITIVE_INFINITY;
}
