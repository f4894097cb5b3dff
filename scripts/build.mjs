// Bundles the command line and everything below it into dist/: one entry, and a chunk for each thing that
// is loaded only when used (service models, x509, the Kubernetes client library, the AWS SDK).
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS dependencies call `require` for Node's own modules; ES modules have none, so the banner makes one. */
const banner = `import { createRequire as pergolaCreateRequire } from 'node:module';
const require = pergolaCreateRequire(import.meta.url);`;

/** Large JSON as a text for JSON.parse: the engine reads that several times faster than an object literal. */
const jsonAsText = {
  name: 'json-as-text',
  setup(bundle) {
    bundle.onLoad({ filter: /\/generated\/.*\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
    });
  },
};

export async function buildBundle() {
  rmSync(`${root}dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: {
      pergola: 'packages/cli/src/main.ts',
      index: 'packages/sandbox/src/index.ts',
      'log-scan-worker': 'packages/log-store/src/scan-worker.ts',
      aws: 'packages/cli/src/stand-ins/aws/main.ts',
      oc: 'packages/cli/src/stand-ins/oc/main.ts',
      rosa: 'packages/cli/src/stand-ins/rosa/main.ts',
      psql: 'packages/cli/src/stand-ins/psql/main.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    external: ['lmdb'],
    // Its CommonJS form, imported only when used, would have a default export and nothing else.
    alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
    banner: { js: banner },
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [jsonAsText],
    sourcemap: false,
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundle();
