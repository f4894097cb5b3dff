import { expect, test } from 'vitest';
import { resolveTuning, tuningProblems } from './tuning.ts';

test('defaults: at least once, uncompressed, whole batches, 1 to 30 s', () => {
  const defaults = {
    delivery: 'AtLeastOnce',
    compression: 'none',
    maxWriteBytes: 1_048_576,
    minRetryMs: 1_000,
    maxRetryMs: 30_000,
  };
  expect(resolveTuning()).toEqual(defaults);
  expect(resolveTuning({ maxWrite: 0, minRetryDuration: 0, maxRetryDuration: 0 })).toEqual(defaults);
});

test('durations are seconds, sizes quantities; the bounds never cross', () => {
  expect(
    resolveTuning({ delivery: 'AtMostOnce', compression: 'gzip', maxWrite: '512Ki', minRetryDuration: 5 }),
  ).toEqual({
    delivery: 'AtMostOnce',
    compression: 'gzip',
    maxWriteBytes: 524_288,
    minRetryMs: 5_000,
    maxRetryMs: 30_000,
  });
  expect(resolveTuning({ minRetryDuration: 60 })).toMatchObject({ minRetryMs: 60_000, maxRetryMs: 60_000 });
  expect(resolveTuning({ maxRetryDuration: 0.5 })).toMatchObject({ minRetryMs: 500, maxRetryMs: 500 });
});

test.each([
  [{ compression: 'zstd' }, 'compression "zstd" is not implemented: use none, gzip or zlib'],
  [{ compression: 'snappy' }, 'compression "snappy" is not implemented: use none, gzip or zlib'],
  [{ compression: 'lz4' }, 'compression is not supported for the output type'],
  [{ maxWrite: '10M' }, 'maxWrite must not exceed 1048576 bytes for CloudWatch, got 10000000 bytes'],
  [{ maxWrite: '-1' }, 'maxWrite must be a positive quantity, got "-1"'],
  [
    { minRetryDuration: 5_000_000_000 },
    'minRetryDuration is in seconds and must be between 0 and 86400, got 5000000000',
  ],
  [{ minRetryDuration: 9, maxRetryDuration: 3 }, 'minRetryDuration must not exceed maxRetryDuration'],
])('%j is refused', (tuning, problem) => {
  expect(tuningProblems(tuning)).toEqual([problem]);
});

test('what is allowed has no problems', () => {
  expect(tuningProblems()).toEqual([]);
  expect(tuningProblems({ compression: 'zlib', maxWrite: '1Mi', minRetryDuration: 1 })).toEqual([]);
});
