import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModel } from '@pergola/aws-model';
import { iamService } from './service.ts';

describe('the operations of IAM', () => {
  const names = iamService.operations.map(({ name }) => name);

  it('are operations of the model, each once', async () => {
    const { operations } = await loadModel('iam');
    expect(names.filter((name) => !(name in operations))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are told in the README', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const told = new Set(readme.match(/\b[A-Z][A-Za-z]+\b/g));
    expect(names.filter((name) => !told.has(name))).toEqual([]);
  });

  it('are all protected by policies', () => {
    const open = iamService.operations.filter(({ access }) => !('iam' in access));
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});
