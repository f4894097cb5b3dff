// Databases kept in Terraform: it makes, finds unchanged, edits in place and destroys what terraform-rds/main.tf says.
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({ engines: true });
});
afterAll(() => endpoint[Symbol.asyncDispose]());

/** The provider waits a minute before it looks at an instance, whatever the server does. */
const timeoutMs = 300_000;
const must = (words: readonly string[]) => runTerraform(endpoint, words, { timeoutMs });
const edited = ['-var', 'revision=2'];

async function sql(text: string, password: string): Promise<unknown[]> {
  const output = JSON.parse(await must(['output', '-json'])) as Record<string, { value: unknown }>;
  const client = new Client({
    host: String(output['address']?.value),
    port: Number(output['port']?.value),
    user: 'shop',
    password,
    database: 'orders',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe.skipIf(!terraform)(terraformTitle, () => {
  it(
    'makes what it says, and then finds nothing to do',
    async () => {
      await initTerraform(endpoint, 'terraform-rds');
      expect(await must(['apply', '-auto-approve'])).toContain('Apply complete! Resources: 15 added');
      await sql('CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)', 'correct-horse');
      await must(['plan', '-detailed-exitcode']);
    },
    2 * timeoutMs,
  );

  it(
    'edits in place, with the data as it was',
    async () => {
      const changes = await must(['apply', '-auto-approve', ...edited]);
      expect(changes).toMatch(/Apply complete! Resources: 0 added, 7 changed, 2 destroyed\./);
      expect(await sql('SELECT id FROM orders', 'battery-staple')).toEqual([{ id: 7 }]);
      expect(await sql('SHOW log_min_duration_statement', 'battery-staple')).toEqual([
        { log_min_duration_statement: '250ms' },
      ]);
      await must(['plan', '-detailed-exitcode', ...edited]);
    },
    2 * timeoutMs,
  );

  it(
    'leaves nothing behind',
    async () => {
      expect(await must(['destroy', '-auto-approve', ...edited])).toContain('Resources: 13 destroyed.');
      const client = new RDSClient(clientConfig(endpoint));
      expect((await client.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
      client.destroy();
      expect(endpoint.bugs).toEqual([]);
    },
    2 * timeoutMs,
  );
});
