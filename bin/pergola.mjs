#!/usr/bin/env node
// Starts the bundled command line. In a checkout the bundle is made first when a source is newer than it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist', 'pergola.mjs');

/** Tests are not in the bundle. Every start waits for this: paths are joined the quick way. */
function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'tests' || entry.name.endsWith('.test.ts')) continue;
    const path = `${folder}/${entry.name}`;
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs);
  }
  return newest;
}

const sources = join(root, 'packages');
if (existsSync(sources) && (!existsSync(bundle) || newestMs(sources) > statSync(bundle).mtimeMs)) {
  const { buildBundle } = await import('../scripts/build.mjs');
  await buildBundle();
}
await import(bundle);
