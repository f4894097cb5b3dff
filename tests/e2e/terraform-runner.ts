// Terraform with a local copy of its AWS provider, run in an endpoint's folder.
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, run } from './clients.ts';
import { startProvider, type TerraformProvider } from './terraform-provider.ts';

/** Where a copy of the provider may lie, for the registry is not asked: a mirror of the system, or Terraform's cache. */
const mirror = [
  process.env['TF_PLUGIN_CACHE_DIR'] ?? '',
  join(homedir(), '.terraform.d/plugins'),
  join(homedir(), '.terraform.d/plugin-cache'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  '/opt/tf-plugins',
].find((folder) => existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')));

/** Absolute path of the program; undefined where it or the provider is absent. */
export const terraform = mirror === undefined ? undefined : findProgram('terraform');

/** Title of a group of tests that needs Terraform. */
export const terraformTitle = `terraform${terraform ? '' : because('terraform with a local copy of its AWS provider')}`;

const providers = new WeakMap<AwsEndpoint, TerraformProvider>();

/**
 * Puts the configuration `name` of this folder where `runTerraform` finds it, initialises it, and starts its provider,
 * which ends with the endpoint.
 */
export async function initTerraform(endpoint: AwsEndpoint, name: string): Promise<void> {
  cpSync(join(import.meta.dirname, name), endpoint.folder, { recursive: true });
  writeFileSync(
    join(endpoint.folder, 'terraform.rc'),
    `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
  );
  await runTerraform(endpoint, ['init']);
  const provider = await startProvider(endpoint.folder, endpoint.env);
  endpoint.disposal.use(provider);
  providers.set(endpoint, provider);
}

/** Runs Terraform, which must end with 0, and returns what it printed. */
export async function runTerraform(
  endpoint: AwsEndpoint,
  words: readonly string[],
  options: { readonly timeoutMs?: number } = {},
): Promise<string> {
  const env = {
    ...endpoint.env,
    ...providers.get(endpoint)?.env,
    TF_CLI_CONFIG_FILE: join(endpoint.folder, 'terraform.rc'),
    // What it waits for, it waits for at once.
    TF_CLI_ARGS_apply: '-parallelism=30',
    TF_CLI_ARGS_destroy: '-parallelism=30 -refresh=false',
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const ran = await run(terraform ?? '', [...words, '-no-color'], { env, cwd: endpoint.folder, ...options });
  expect(ran.code, `terraform ${words.join(' ')}\n${ran.stdout}\n${ran.stderr}`).toBe(0);
  return ran.stdout;
}
