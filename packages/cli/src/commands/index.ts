// The commands, in the order in which help lists them. A command is one file and one line here.
import type { Command } from '../command.ts';
import { ackImport } from './ack-import.ts';
import { ackPlan } from './ack-plan.ts';
import { ackPolicy } from './ack-policy.ts';
import { collectorRun } from './collector-run.ts';
import { demo } from './demo.ts';
import { down } from './down.ts';
import { env } from './env.ts';
import { explain } from './explain.ts';
import { logsConvert } from './logs-convert.ts';
import { logsGroups } from './logs-groups.ts';
import { logsQuery } from './logs-query.ts';
import { logsTail } from './logs-tail.ts';
import { operatorAck } from './operator-ack.ts';
import { operatorLogging } from './operator-logging.ts';
import { reset } from './reset.ts';
import { shell } from './shell.ts';
import { status } from './status.ts';
import { up } from './up.ts';
import { webhookServe } from './webhook-serve.ts';

export const commands: readonly Command[] = [
  up,
  down,
  status,
  reset,
  shell,
  env,
  explain,
  logsGroups,
  logsTail,
  logsQuery,
  logsConvert,
  ackPlan,
  ackImport,
  ackPolicy,
  demo,
  webhookServe,
  operatorLogging,
  operatorAck,
  collectorRun,
];
