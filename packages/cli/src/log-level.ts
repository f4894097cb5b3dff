// What a command that serves writes to its log.
import type { LogLevel } from '@pergola/kernel';
import { type Command, Option } from 'commander';
import type { Options } from './options.ts';

export function addLogLevel(command: Command): Command {
  return command.addOption(
    new Option('--log-level <level>', 'what goes to the log, JSON lines on standard error')
      .choices(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info'),
  );
}

export function logLevelOf(options: Options): LogLevel {
  return options['logLevel'] as LogLevel;
}
