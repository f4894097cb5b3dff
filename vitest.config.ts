import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { ClosingReporter } from './tests/closing-reporter.ts';
import { LongestFirst } from './tests/longest-first.ts';

// Without isolation it is 10 times faster here, and turns module-level state into a failing test. Processes, not threads:
// threads share their descriptors, and a pipe of a pod closes its own twice there (pod-runtime's pipes.ts), which may be
// another thread's by then. The times are those of a machine that is busy with other things: no test waits for them when
// it holds.
const shared = {
  pool: 'forks' as const,
  isolate: false,
  // Two also where there are two cores: many tests wait for processes and files.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
  setupFiles: ['./tests/property-seed.ts'],
};

const endToEnd = { ...shared, testTimeout: 120_000, hookTimeout: 120_000 };
const awsFiles = ['tests/e2e/aws-*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', new ClosingReporter()],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/tests/**/*.test.ts'],
        },
      },
      { test: { ...shared, name: 'tidy', include: ['tests/tidy/**/*.test.ts'] } },
      {
        test: {
          ...endToEnd,
          name: 'e2e-aws',
          include: awsFiles,
          // Each has an endpoint of its own, and mostly waits: Terraform's provider looks after ten seconds, or sixty.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...endToEnd,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: awsFiles,
          // One file at a time, and after the others: vitest refuses to mix projects of unlike parallelism.
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
