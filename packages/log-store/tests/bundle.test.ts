import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pergola-log-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('finds its worker beside the bundle, without any loader', async () => {
  await build({
    entryPoints: {
      main: join(import.meta.dirname, 'bundled-query.ts'),
      'log-scan-worker': join(import.meta.dirname, '../src/scan-worker.ts'),
    },
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire as make } from 'node:module'; const require = make(import.meta.url);",
    },
    logLevel: 'error',
  });
  const output = execFileSync(process.execPath, [join(folder, 'dist', 'main.mjs'), join(folder, 'store')], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect(JSON.parse(output)).toEqual([[{ field: 'total', value: '780' }]]);
});

it('has the worker among the entries of the real bundle', () => {
  const script = readFileSync(join(import.meta.dirname, '../../../scripts/build.mjs'), 'utf8');
  expect(script).toContain("'log-scan-worker': 'packages/log-store/src/scan-worker.ts'");
});
