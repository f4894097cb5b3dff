import { parsePolicy } from '@pergola/policy';
import { describe, expect, it } from 'vitest';
import { awsManagedPolicies, awsManagedPolicy } from './managed-policies.ts';

describe('the catalogue of AWS managed policies', () => {
  const all = awsManagedPolicies();

  it('holds the policies that people attach', () => {
    expect(all.length).toBeGreaterThan(400);
    for (const name of [
      'AdministratorAccess',
      'PowerUserAccess',
      'ReadOnlyAccess',
      'IAMFullAccess',
      'AmazonS3FullAccess',
      'CloudWatchLogsFullAccess',
      'AmazonRDSFullAccess',
      'AmazonDynamoDBFullAccess',
      'AmazonElastiCacheFullAccess',
      'AmazonSQSFullAccess',
      'SecretsManagerReadWrite',
      'job-function/Billing',
      'service-role/ROSAAmazonEBSCSIDriverOperatorPolicy',
    ])
      expect(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)?.arn).toMatch(new RegExp(`/${name}$`));
  });

  it('has documents that the policy language accepts, every one', () => {
    const bad = all.filter(({ document }) => !parsePolicy(document, 'identity').ok).map(({ name }) => name);
    expect(bad).toEqual([]);
  });

  it('gives each an ARN and an id of its own', () => {
    expect(new Set(all.map(({ arn }) => arn)).size).toBe(all.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, defaultVersionId, createdAt, updatedAt } of all) {
      expect(id).toMatch(/^ANPA[A-Z2-7]{17}$/);
      expect(defaultVersionId).toMatch(/^v[1-9]\d*$/);
      expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.parse(updatedAt));
    }
  });
});
