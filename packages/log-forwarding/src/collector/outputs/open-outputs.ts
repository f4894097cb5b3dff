// The outputs of a configuration, opened.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport, sharedTransport } from '@pergola/aws-client';
import type { Clock, Disposal, Env, Logger, Random } from '@pergola/kernel';
import type { CloudWatchOutput as CloudWatchConfig, OutputConfig } from '../../config/collector-config.ts';
import { CloudWatchOutput } from './cloudwatch/cloudwatch-output.ts';
import { DiskBuffer } from './cloudwatch/disk-buffer.ts';
import { LogTargets } from './cloudwatch/log-targets.ts';
import { logsApi, silentApi } from './cloudwatch/logs-api.ts';
import { openSession } from './cloudwatch/session.ts';
import type { Output } from './output.ts';

export interface OpenOutputsOptions {
  readonly configs: readonly OutputConfig[];
  /** Each output has its buffer in a folder below. */
  readonly directory: string;
  readonly memoryBytesMax: number;
  readonly diskBytesMax: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly callTimeoutMs: number;
  readonly lingerMs: number;
  readonly sendsNothing: boolean;
  readonly onRoom: () => void;
}

/** Opens all outputs, by name. `disposal` closes them. */
export function openOutputs(options: OpenOutputsOptions, disposal: Disposal): Map<string, Output> {
  const outputs = new Map<string, Output>();
  for (const config of options.configs) {
    outputs.set(config.name, disposal.use(openCloudWatch(config, options, disposal)));
  }
  return outputs;
}

function openCloudWatch(config: CloudWatchConfig, options: OpenOutputsOptions, disposal: Disposal): Output {
  const { clock, random, env, signal, directory, configs } = options;
  const logger = options.logger.child({ output: config.name });
  const { caFile, insecureSkipVerify, region, endpoint } = config;
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  const transport = disposal.use(createTransport({ ca, insecureSkipVerify, clock }));
  const session = openSession(
    { region, clock, random, env, transport: sharedTransport },
    config.authentication,
  );
  const target = { region, endpoint, env, clock, transport, credentials: session.credentials };
  const api = options.sendsNothing
    ? silentApi
    : logsApi(target, config, { signal, timeoutMs: options.callTimeoutMs });
  const disk = new DiskBuffer(join(directory, config.name), options.diskBytesMax);
  return new CloudWatchOutput({
    config,
    delivery: { api, targets: new LogTargets(api, logger), session, clock },
    disk,
    memoryBytesMax: Math.floor(options.memoryBytesMax / configs.length),
    clock,
    random,
    logger,
    lingerMs: options.lingerMs,
    onRoom: options.onRoom,
  });
}
