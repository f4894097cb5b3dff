// The source tree, read once and shared by the tidy tests.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** Path from the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

const skipped = new Set(['node_modules', 'dist', '.git', '.pergola', 'coverage']);

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (skipped.has(name)) return [];
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

/** Every file below `folder` (from the root) whose path matches `pattern`. */
export function filesBelow(folder: string, pattern: RegExp): SourceFile[] {
  return walk(join(root, folder))
    .map((path) => relative(root, path))
    .filter((path) => pattern.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, lines: text.split('\n').length - 1 };
    });
}

export const isGenerated = (path: string) => /(^|\/)generated\/|\.gen\.ts$/.test(path);
export const isTest = (path: string) => /\.(test|contract)\.ts$|\/tests\//.test(path);

/** Sources of the packages, without tests and generated files. */
export function packageSources(): SourceFile[] {
  return filesBelow('packages', /\/src\/.*\.ts$/).filter(
    (file) => !isTest(file.path) && !isGenerated(file.path),
  );
}

/** Specifiers that a file imports, types and dynamic imports included. */
export function importsOf(file: SourceFile): string[] {
  const code = file.text.replace(/^\s*\/\/.*$/gm, '');
  const statements =
    /(?:^|\n)\s*(?:import|export)\s[^;'"`]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g;
  return [...code.matchAll(statements)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** `kernel` for `packages/kernel/src/…`. */
export const packageOf = (path: string) => path.split('/')[1] ?? '';

/** The path from the root that a relative specifier of `from` names. */
export const resolveRelative = (from: string, specifier: string) =>
  relative(root, resolve(join(root, dirname(from)), specifier));
