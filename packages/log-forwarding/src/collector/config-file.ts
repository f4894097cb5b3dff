// The collector's configuration in a mounted file. The kubelet replaces the whole folder behind a link, so the file is
// read again and compared, instead of being watched.
import { readFileSync } from 'node:fs';
import { isRecord } from '@pergola/kernel';
import type { CollectorConfig } from '../config/collector-config.ts';

/** The configuration cannot be used. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigText {
  readonly text: string;
  readonly config: CollectorConfig;
}

/** Reads and checks the file. Throws ConfigError. */
export function readConfigFile(path: string): ConfigText {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  return { text, config: parseConfig(text) };
}

/** Checks what the operator wrote as far as the collector relies on it. Throws ConfigError. */
export function parseConfig(text: string): CollectorConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`the configuration is no JSON: ${messageOf(cause)}`, { cause });
  }
  if (!isRecord(config)) throw new ConfigError('the configuration is no object');
  if (config['version'] !== 1) {
    throw new ConfigError(`version ${String(config['version'])} of the configuration is not known`);
  }
  for (const list of ['inputs', 'filters', 'outputs', 'pipelines']) {
    const items = config[list];
    if (!Array.isArray(items) || !items.every((item) => isRecord(item) && typeof item['name'] === 'string')) {
      throw new ConfigError(`the configuration's ${list} are no list of named objects`);
    }
  }
  const checked = config as unknown as CollectorConfig;
  for (const output of checked.outputs) {
    if (output.type !== 'cloudwatch')
      throw new ConfigError(`output ${String(output)} has a type that is not implemented`);
    if (!/^[\w.-]+$/.test(output.name))
      throw new ConfigError(`'${output.name}' cannot be the name of an output`);
    const { compression } = output.tuning;
    if (compression === 'snappy' || compression === 'zstd') {
      throw new ConfigError(
        `output ${output.name}: compression ${compression} is not implemented; use none, gzip or zlib`,
      );
    }
  }
  return checked;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
