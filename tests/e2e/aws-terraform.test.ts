// Terraform with the AWS provider: it makes, finds unchanged, edits in place and destroys what terraform/main.tf says.
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const must = (words: readonly string[]) => runTerraform(endpoint, words);

describe.skipIf(!terraform)(terraformTitle, () => {
  it('makes what it says, and then finds nothing to do', async () => {
    await initTerraform(endpoint, 'terraform');
    expect(await must(['apply', '-auto-approve'])).toContain('Apply complete! Resources: 12 added');
    expect(JSON.parse(await must(['output', '-json']))).toMatchObject({
      account: { value: account },
      role: { value: `arn:aws:iam::${account}:role/shop/terraform-cart` },
    });
    await must(['plan', '-detailed-exitcode']);
  });

  it('edits in place what can be edited', async () => {
    const edited = ['-var', 'revision=2'];
    const changes = await must(['apply', '-auto-approve', ...edited]);
    expect(changes).toMatch(/Apply complete! Resources: 1 added, 7 changed, 1 destroyed\./);
    await must(['plan', '-detailed-exitcode', ...edited]);
  });

  it('leaves nothing behind', async () => {
    expect(await must(['destroy', '-auto-approve', '-var', 'revision=2'])).toContain(
      'Destroy complete! Resources: 12 destroyed.',
    );
    const s3 = new S3Client({ ...clientConfig(endpoint), forcePathStyle: true });
    const iam = new IAMClient(clientConfig(endpoint));
    expect((await s3.send(new ListBucketsCommand())).Buckets ?? []).toEqual([]);
    expect((await iam.send(new ListRolesCommand({ PathPrefix: '/shop/' }))).Roles).toEqual([]);
    s3.destroy();
    iam.destroy();
    expect(endpoint.bugs).toEqual([]);
  });
});
