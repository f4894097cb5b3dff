// ElastiCache for the clients that people have: Terraform's provider, the command line with its waiters.
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, run } from './clients.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({ engines: true });
});
afterAll(() => endpoint[Symbol.asyncDispose]());

/** The provider waits half a minute and more before it looks, for each kind of cache. */
const TERRAFORM_MS = 600_000;
const must = (words: readonly string[]) => runTerraform(endpoint, words, { timeoutMs: 400_000 });

describe.skipIf(!terraform)(terraformTitle, () => {
  it(
    'makes caches, finds them unchanged, edits them and leaves nothing behind',
    async () => {
      await initTerraform(endpoint, 'terraform-elasticache');
      expect(await must(['apply', '-auto-approve'])).toContain('Apply complete! Resources: 11 added');
      const { endpoint: single } = JSON.parse(await must(['output', '-json'])) as {
        endpoint: { value: string };
      };
      const [host = '', port = ''] = single.value.split(':');
      const redis = new Redis(Number(port), host);
      expect(await redis.set('a', '1')).toBe('OK');
      // Nothing but these is changed: all else is found as it was made.
      const edited = ['-var', 'revision=2'];
      expect(await must(['apply', '-auto-approve', ...edited])).toMatch(
        /Resources: 0 added, 8 changed, 0 destroyed/,
      );
      expect(await redis.get('a')).toBe('1');
      redis.disconnect();
      await must(['plan', '-detailed-exitcode', ...edited]);
      expect(await must(['destroy', '-auto-approve', '-refresh=false', ...edited])).toContain(
        'Resources: 11 destroyed',
      );
      const elasticache = new ElastiCacheClient(clientConfig(endpoint));
      const { ReplicationGroups } = await elasticache.send(new DescribeReplicationGroupsCommand({}));
      expect(ReplicationGroups ?? []).toEqual([]);
      elasticache.destroy();
      expect(endpoint.bugs).toEqual([]);
    },
    TERRAFORM_MS,
  );
});

const aws = findProgram('aws');

describe.skipIf(!aws)(`aws${aws ? '' : because('the AWS CLI')}`, () => {
  const cli = async (...words: string[]) => {
    const ran = await run(aws ?? '', ['elasticache', ...words, '--output', 'json'], { env: endpoint.env });
    return ran.code === 0 ? (JSON.parse(ran.stdout || '{}') as unknown) : ran.stderr;
  };

  it('makes a cache, waits for it, and hears of mistakes', async () => {
    const id = ['--cache-cluster-id', 'by-hand'];
    const made = await cli(
      'create-cache-cluster',
      ...id,
      '--engine',
      'redis',
      '--cache-node-type',
      'cache.t3.micro',
    );
    expect(made).toMatchObject({ CacheCluster: { CacheClusterStatus: 'creating' } });
    expect(await cli('wait', 'cache-cluster-available', ...id)).toEqual({});
    expect(await cli('describe-cache-clusters', ...id, '--show-cache-node-info')).toMatchObject({
      CacheClusters: [{ CacheNodes: [{ CacheNodeStatus: 'available' }] }],
    });
    expect(await cli('delete-cache-cluster', ...id)).toMatchObject({
      CacheCluster: { CacheClusterStatus: 'deleting' },
    });
    expect(await cli('wait', 'cache-cluster-deleted', ...id)).toEqual({});
    expect(await cli('describe-cache-clusters', ...id)).toContain(
      '(CacheClusterNotFound) when calling the DescribeCacheClusters operation: CacheCluster not found: by-hand',
    );
  }, 60_000);
});
