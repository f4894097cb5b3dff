// Tuning of an output: units, bounds and defaults, the same for both API groups.
import type { TuningConfig } from '../../config/collector-config.ts';
import { quantityValue } from '../quantity.ts';
import type { TuningFields } from '../spec/shared-spec.ts';

export type Tuning = TuningFields & { readonly delivery?: 'AtLeastOnce' | 'AtMostOnce' | undefined };

/** What one PutLogEvents may carry. */
const maxWriteBytes = 1_048_576;
/** The original's defaults: 1 s, then longer and longer up to 30 s. */
const defaultMinRetryMs = 1_000;
const defaultMaxRetryMs = 30_000;

const compressions = ['none', 'gzip', 'zlib'] as const;

type Compression = (typeof compressions)[number];

/** What is wrong with the tuning, in the original's words where it has any. */
export function tuningProblems(tuning: Tuning = {}): string[] {
  const { compression, maxWrite, minRetryDuration, maxRetryDuration } = tuning;
  const problems = [
    compressionProblem(compression),
    sizeProblem(maxWrite),
    secondsProblem('minRetryDuration', minRetryDuration),
    secondsProblem('maxRetryDuration', maxRetryDuration),
  ];
  if (minRetryDuration && maxRetryDuration && minRetryDuration > maxRetryDuration) {
    problems.push('minRetryDuration must not exceed maxRetryDuration');
  }
  return problems.filter((problem) => problem !== undefined);
}

function compressionProblem(compression = 'none'): string | undefined {
  if (compression === 'lz4') return 'compression is not supported for the output type';
  return isCompression(compression)
    ? undefined
    : `compression "${compression}" is not implemented: use none, gzip or zlib`;
}

function sizeProblem(maxWrite: Tuning['maxWrite'] = 0): string | undefined {
  const bytes = quantityValue(maxWrite);
  if (bytes === undefined || bytes < 0) return `maxWrite must be a positive quantity, got "${maxWrite}"`;
  return bytes > maxWriteBytes
    ? `maxWrite must not exceed ${maxWriteBytes} bytes for CloudWatch, got ${bytes} bytes`
    : undefined;
}

function secondsProblem(name: string, seconds = 0): string | undefined {
  return seconds < 0 || seconds > 86_400
    ? `${name} is in seconds and must be between 0 and 86400, got ${seconds}`
    : undefined;
}

/** The tuning as the collector reads it. Zeros mean the default, as in the original. */
export function resolveTuning(tuning: Tuning = {}): TuningConfig {
  const { delivery = 'AtLeastOnce', compression = 'none', maxWrite = 0 } = tuning;
  const minRetryMs = (tuning.minRetryDuration ?? 0) * 1_000 || defaultMinRetryMs;
  const maxRetryMs = (tuning.maxRetryDuration ?? 0) * 1_000 || Math.max(defaultMaxRetryMs, minRetryMs);
  return {
    delivery,
    compression: isCompression(compression) ? compression : 'none',
    maxWriteBytes: quantityValue(maxWrite) || maxWriteBytes,
    minRetryMs: Math.min(minRetryMs, maxRetryMs),
    maxRetryMs,
  };
}

function isCompression(name: string): name is Compression {
  return (compressions as readonly string[]).includes(name);
}
