// Terraform with the AWS provider: it makes, finds unchanged, edits in place and destroys what terraform/main.tf says.
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, run } from './clients.ts';

/** Where a copy of the provider may lie, for the registry is not asked: a mirror of the system, or Terraform's cache. */
const mirror = [
  process.env['TF_PLUGIN_CACHE_DIR'] ?? '',
  join(homedir(), '.terraform.d/plugins'),
  join(homedir(), '.terraform.d/plugin-cache'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  '/opt/tf-plugins',
].find((folder) => existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')));
const terraform = mirror === undefined ? undefined : findProgram('terraform');

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

/** Runs Terraform and returns what it printed. `detailed`: the exit code that `plan` must have. */
async function must(words: readonly string[], code = 0): Promise<string> {
  const env = {
    ...endpoint.env,
    TF_CLI_CONFIG_FILE: join(endpoint.folder, 'terraform.rc'),
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const ran = await run(terraform ?? '', [...words, '-no-color'], { env, cwd: endpoint.folder });
  expect(ran.code, `terraform ${words.join(' ')}\n${ran.stdout}\n${ran.stderr}`).toBe(code);
  return ran.stdout;
}

describe.skipIf(!terraform)(
  `terraform${terraform ? '' : because('terraform with a local copy of its AWS provider')}`,
  () => {
    it('makes what it says, and then finds nothing to do', async () => {
      cpSync(join(import.meta.dirname, 'terraform'), endpoint.folder, { recursive: true });
      writeFileSync(
        join(endpoint.folder, 'terraform.rc'),
        `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
      );
      await must(['init']);
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
  },
);
