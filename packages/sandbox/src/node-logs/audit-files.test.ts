import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@pergola/kernel';
import { expect, it } from 'vitest';
import { openAuditFiles } from './audit-files.ts';

it('writes what each API server of OpenShift would write into the file where a collector looks for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-files-'));
  const files = openAuditFiles(folder, { clock: systemClock, logger: silentLogger });
  for (const group of [
    '',
    'apps',
    'config.openshift.io',
    'project.openshift.io',
    'route.openshift.io',
    'user.openshift.io',
  ])
    files.sink(JSON.stringify({ group }), group);
  await files[Symbol.asyncDispose]();
  const groupsIn = (server: string) =>
    readFileSync(join(folder, server, 'audit.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).group);
  expect(groupsIn('kube-apiserver')).toEqual(['', 'apps', 'config.openshift.io']);
  expect(groupsIn('openshift-apiserver')).toEqual(['project.openshift.io', 'route.openshift.io']);
  expect(groupsIn('oauth-apiserver')).toEqual(['user.openshift.io']);
  rmSync(folder, { recursive: true });
});
