import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floors, forbidden, impureModules, pure } from './floors.ts';
import { importsOf, packageOf, packageSources, resolveRelative, root } from './tree.ts';

const sources = packageSources();
const edges = sources.flatMap((file) =>
  importsOf(file).map((specifier) => ({ file: file.path, from: packageOf(file.path), specifier })),
);
const houseEdges = edges.flatMap((edge) => {
  const to = /^@pergola\/([a-z0-9-]+)(\/.*)?$/.exec(edge.specifier);
  return to ? [{ ...edge, to: to[1] ?? '', inner: to[2] }] : [];
});

describe('the house', () => {
  it('sees the whole tree: a check that sees nothing proves nothing', () => {
    expect(sources.length).toBeGreaterThan(500);
    expect(edges.length).toBeGreaterThan(2_000);
    expect(houseEdges.length).toBeGreaterThan(300);
  });

  it('has a floor for every package, and no package twice', () => {
    expect(readdirSync(join(root, 'packages')).sort()).toEqual(Object.keys(floors).sort());
  });

  it('imports only from strictly lower floors, through the front door', () => {
    const wrong = houseEdges.filter(
      (edge) => edge.inner !== undefined || (floors[edge.to] ?? 99) >= (floors[edge.from] ?? -1),
    );
    expect(wrong).toEqual([]);
  });

  it('has none of the forbidden edges', () => {
    const wrong = houseEdges.filter((edge) =>
      forbidden.some((rule) => rule.from.includes(edge.from) && rule.to.includes(edge.to)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the pure packages free of I/O', () => {
    const wrong = edges.filter((edge) => pure.includes(edge.from) && impureModules.test(edge.specifier));
    expect(wrong.filter((edge) => !onlyParsesAddresses(edge.file))).toEqual([]);
  });

  it('never reaches into another package by a relative path', () => {
    const wrong = edges.filter(
      (edge) =>
        edge.specifier.startsWith('.') && packageOf(resolveRelative(edge.file, edge.specifier)) !== edge.from,
    );
    expect(wrong).toEqual([]);
  });

  it('has no import cycle, types included', () => {
    const next = new Map<string, string[]>();
    for (const edge of edges.filter((each) => each.specifier.startsWith('.'))) {
      const targets = next.get(edge.file) ?? [];
      targets.push(resolveRelative(edge.file, edge.specifier));
      next.set(edge.file, targets);
    }
    expect(findCycle(next)).toEqual([]);
  });
});

/** `isIP` and `BlockList` of node:net compute; everything else there opens sockets. */
function onlyParsesAddresses(path: string): boolean {
  const file = sources.find((each) => each.path === path);
  return /import \{ (?:(?:isIP|isIPv4|isIPv6|BlockList)(?:, )?)+ \} from 'node:net'/.test(file?.text ?? '');
}

/** The first cycle found, as a list of paths, or an empty list. */
function findCycle(next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const target of next.get(path) ?? []) {
      const cycle = visit(target, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const path of next.keys()) {
    const cycle = visit(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
