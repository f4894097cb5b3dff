// Everything that the node logs beside its containers' output: its journal, and the audit logs of the API servers.
import { join } from 'node:path';
import { type Clock, Disposal, type Logger, type Random } from '@pergola/kernel';
import type { AuditSink } from '@pergola/kube-plane';
import { openAuditFiles } from './audit-files.ts';
import { createJournal, teeLogger } from './journal.ts';
import { openLineFile } from './line-file.ts';

export interface NodeLogsOptions {
  /** The node's own folder: what pods see as /var/log is `var/log` in it. */
  readonly node: string;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Says what could not be written, and hears all that components log. */
  readonly logger: Logger;
}

export interface NodeLogs extends AsyncDisposable {
  readonly audit: AuditSink;
  /** A component's logger: to the sandbox's own log by its level, and to the journal from `info` on. */
  loggerOf(component: string): Logger;
}

const journalSizeMax = 4 * 1024 * 1024;
const journalsKept = 2;

export function openNodeLogs({ node, nodeName, clock, random, logger }: NodeLogsOptions): NodeLogs {
  const folder = join(node, 'var', 'log');
  const disposal = new Disposal();
  const file = disposal.use(
    openLineFile({
      path: join(folder, 'journal', 'pergola.json'),
      sizeMax: journalSizeMax,
      kept: journalsKept,
      clock,
      logger,
    }),
  );
  const journal = createJournal({ file, hostname: nodeName, clock, random });
  const audit = disposal.use(openAuditFiles(folder, { clock, logger }));
  return {
    audit: audit.sink,
    loggerOf: (component) => teeLogger(logger, journal.loggerOf(component)),
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}
