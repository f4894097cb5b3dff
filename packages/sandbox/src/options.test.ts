import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OptionError, resolveOptions, type SandboxOptions } from './options.ts';

const resolved = (options: SandboxOptions = {}) => resolveOptions(options, () => '/tmp/fresh');

describe('resolveOptions', () => {
  it('fills in the ports of the ecosystem and a folder of the project', () => {
    expect(resolved()).toMatchObject({
      awsPort: 4566,
      kubePort: 6443,
      dataDir: resolve('.pergola'),
      account: '123456789012',
    });
  });

  it('draws ports and a folder for an ephemeral sandbox, unless they are given', () => {
    expect(resolved({ ephemeral: true })).toMatchObject({ awsPort: 0, kubePort: 0, dataDir: '/tmp/fresh' });
    expect(resolved({ ephemeral: true, awsPort: 5000, dataDir: '/x' })).toMatchObject({
      awsPort: 5000,
      kubePort: 0,
      dataDir: '/x',
    });
  });

  it.each([
    [{ account: '12' }, /12 digits/],
    [{ awsPort: -1 }, /AWS port/],
    [{ kubePort: 70_000 }, /Kubernetes port/],
    [{ clusterName: 'Upper' }, /lower-case/],
    [{ clusterName: 'ends-' }, /cluster name/],
    [{ region: 'nowhere' }, /not the name of a region/],
  ] as [SandboxOptions, RegExp][])('refuses %j', (options, message) => {
    expect(() => resolved(options)).toThrow(OptionError);
    expect(() => resolved(options)).toThrow(message);
  });
});
