import { describe, expect, it } from 'vitest';
import type { FilterConfig } from '../../config/collector-config.ts';
import type { MutableRecord } from '../records/container-record.ts';
import { applyFilters, compileFilters } from './record-filter.ts';

function record(): MutableRecord {
  return {
    log_type: 'application',
    message: '{"a":{"b":1}}',
    level: 'info',
    kubernetes: {
      namespace_name: 'shop',
      labels: { app_kubernetes_io_name: 'web', tier: 'front' },
      annotations: { big: 'x' },
    },
    openshift: { cluster_id: 'c', sequence: 1 },
  };
}

/** The record after the filters; undefined when it was dropped. */
function filtered(...configs: FilterConfig[]): MutableRecord | undefined {
  const made = record();
  return applyFilters(compileFilters(configs), made) ? made : undefined;
}

const drop = (...tests: { field: string; matches?: string; notMatches?: string }[][]): FilterConfig => ({
  name: 'f',
  type: 'drop',
  drop: tests.map((test) => ({ test })),
});
const prune = (config: { in?: string[]; notIn?: string[] }): FilterConfig => ({
  name: 'f',
  type: 'prune',
  prune: config,
});

describe('drop', () => {
  it.each<[string, FilterConfig, boolean]>([
    ['matches', drop([{ field: '.level', matches: '^info$' }]), true],
    ['matches nothing', drop([{ field: '.level', matches: 'error' }]), false],
    ['notMatches', drop([{ field: '.level', notMatches: 'error' }]), true],
    ['a missing field fulfils nothing', drop([{ field: '.nothing', notMatches: 'x' }]), false],
    [
      'all conditions',
      drop([
        { field: '.level', matches: 'info' },
        { field: '.log_type', matches: 'audit' },
      ]),
      false,
    ],
    ['any test', drop([{ field: '.level', matches: 'x' }], [{ field: '.log_type', matches: 'app' }]), true],
    [
      'labels in quotes',
      drop([{ field: '.kubernetes.labels."app.kubernetes.io/name"', matches: 'web' }]),
      true,
    ],
  ])('%s', (_, config, isDropped) => {
    expect(filtered(config) === undefined).toBe(isDropped);
  });
});

describe('prune', () => {
  it('takes fields away', () => {
    const left = filtered(
      prune({ in: ['.kubernetes.annotations', '.kubernetes.labels."app.kubernetes.io/name"', '.x.y'] }),
    );
    expect(left?.['kubernetes']).toEqual({ namespace_name: 'shop', labels: { tier: 'front' } });
  });

  it('keeps only fields', () => {
    expect(filtered(prune({ notIn: ['.log_type', '.message', '.kubernetes.labels.tier'] }))).toEqual({
      log_type: 'application',
      message: '{"a":{"b":1}}',
      kubernetes: { labels: { tier: 'front' } },
    });
  });

  it('takes away from what it keeps', () => {
    const config = prune({
      notIn: ['.message', '.kubernetes'],
      in: ['.kubernetes.labels', '.kubernetes.annotations'],
    });
    expect(filtered(config)).toEqual({ message: '{"a":{"b":1}}', kubernetes: { namespace_name: 'shop' } });
  });
});

describe('parse', () => {
  it('makes an object of a message that is one, in the order of the filters', () => {
    const parse: FilterConfig = { name: 'p', type: 'parse' };
    expect(filtered(parse)).toMatchObject({ structured: { a: { b: 1 } } });
    expect(filtered(parse)).not.toHaveProperty('message');
    expect(filtered(parse, drop([{ field: '.structured.a.b', matches: '1' }]))).toBeUndefined();
    expect(filtered(drop([{ field: '.structured.a.b', matches: '1' }]), parse)).toBeDefined();
  });

  it.each(['plain', '[1]', '{broken', '{"a":1} x'])('leaves %s as it is', (message) => {
    const made = { ...record(), message };
    applyFilters(compileFilters([{ name: 'p', type: 'parse' }]), made);
    expect(made).toMatchObject({ message });
    expect(made).not.toHaveProperty('structured');
  });
});

it('adds labels of the pipeline', () => {
  const labels: FilterConfig = { name: 'l', type: 'openshiftLabels', labels: { 'team.name': 'a' } };
  expect(filtered(labels)?.['openshift']).toEqual({
    cluster_id: 'c',
    sequence: 1,
    labels: { team_name: 'a' },
  });
});

it('knows which filters need no line', () => {
  const labels: FilterConfig = { name: 'l', type: 'openshiftLabels', labels: {} };
  expect(compileFilters([labels, prune({ in: [] })]).isStatic).toBe(true);
  expect(compileFilters([labels, { name: 'p', type: 'parse' }]).isStatic).toBe(false);
  expect(compileFilters([{ name: 'm', type: 'detectMultilineException' }])).toMatchObject({
    isStatic: true,
    joinsExceptions: true,
  });
});
