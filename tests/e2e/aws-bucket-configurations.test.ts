// Terraform's provider on what can be configured on a bucket, and on instance profiles and service-linked
// roles.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const must = (words: readonly string[]) => runTerraform(endpoint, words);

describe.skipIf(!terraform)(terraformTitle, () => {
  it('makes what it says, and then finds nothing to do', async () => {
    await initTerraform(endpoint, 'terraform-bucket');
    expect(await must(['apply', '-auto-approve'])).toContain('Resources: 22 added');
    await must(['plan', '-detailed-exitcode']);
  });

  it('edits it and leaves nothing behind', async () => {
    const edited = ['-var', 'revision=2'];
    expect(await must(['apply', '-auto-approve', ...edited])).toContain('0 added, 5 changed, 0 destroyed');
    await must(['plan', '-detailed-exitcode', ...edited]);
    expect(await must(['destroy', '-auto-approve', ...edited])).toContain('Resources: 22 destroyed');
    expect(endpoint.bugs).toEqual([]);
  });
});
