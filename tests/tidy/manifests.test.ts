import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { floors } from './floors.ts';
import { filesBelow, importsOf, isGenerated, isTest, root } from './tree.ts';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const readManifest = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
const packageName = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A type-only import leaves nothing in the bundle, so it may come from a dev dependency. */
function runtimeImports(name: string): Set<string> {
  const found = new Set<string>();
  for (const file of filesBelow(`packages/${name}/src`, /\.ts$/)) {
    if (isTest(file.path) || isGenerated(file.path)) continue;
    const text = file.text.replace(/(^|\n)\s*(import|export) type [^;]*;/g, '');
    for (const specifier of importsOf({ ...file, text })) {
      if (!specifier.startsWith('.') && !isBuiltin(specifier)) found.add(packageName(specifier));
    }
  }
  return found;
}

describe.each(Object.keys(floors))('packages/%s/package.json', (name) => {
  it('lists exactly what its sources import', () => {
    const declared = Object.keys(readManifest(`packages/${name}/package.json`).dependencies ?? {});
    const imported = runtimeImports(name);
    const house = filesBelow(`packages/${name}/src`, /\.ts$/)
      .filter((file) => !isTest(file.path))
      .flatMap(importsOf)
      .filter((specifier) => specifier.startsWith('@pergola/'))
      .map(packageName);
    expect(declared.toSorted()).toEqual([...new Set([...imported, ...house])].toSorted());
  });
});

describe('dependencies', () => {
  it('need no install script: npm 11 would not run it', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const withScript = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    // These ship their binaries as packages; their scripts are only a fallback and are not needed. PostgreSQL's makes
    // symbolic links, which `engines` makes by itself.
    const others = [...new Set(withScript)].filter((name) => !name.startsWith('pergola-postgres-'));
    expect(others.sort()).toEqual(['esbuild', 'lmdb', 'msgpackr-extract']);
  });

  it('has every platform that it names in the lock file', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const present = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const wanted = Object.values(lock.packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    const missing = [...new Set(wanted)].filter(
      (name) => /linux-(x64|arm64)|darwin/.test(name) && !present.has(name),
    );
    expect(missing).toEqual([]);
  });
});
