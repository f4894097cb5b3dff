// Terraform's AWS provider as one process for all commands of a test. Each command would start it anew, twice, and
// spend most of its time on that. https://developer.hashicorp.com/terraform/plugin/debugging
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface TerraformProvider extends AsyncDisposable {
  /** Leads Terraform to the process. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts the provider that `terraform init` put below `folder`. One configuration of it at a time: a second `provider`
 * block with an alias would take the place of the first.
 */
export async function startProvider(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<TerraformProvider> {
  const child = spawn(findBinary(folder), ['-debug'], {
    // Its log is of no use here, and costs more than its work.
    env: { ...env, TF_LOG: 'OFF' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  const end = () => child.kill('SIGINT');
  process.once('exit', end);
  for await (const line of createInterface({ input: child.stdout })) {
    const attach = /TF_REATTACH_PROVIDERS='(.+)'/.exec(line)?.[1];
    if (attach === undefined) continue;
    child.stdout.resume();
    return {
      env: { TF_REATTACH_PROVIDERS: attach },
      async [Symbol.asyncDispose]() {
        process.removeListener('exit', end);
        end();
        await ended;
      },
    };
  }
  throw new Error("Terraform's AWS provider did not start");
}

function findBinary(folder: string): string {
  const providers = join(folder, '.terraform/providers');
  const found = readdirSync(providers, { recursive: true, encoding: 'utf8' }).find((path) =>
    /[\\/]terraform-provider-aws[^\\/]*$/.test(path),
  );
  if (found === undefined) throw new Error(`no AWS provider below ${providers}`);
  return join(providers, found);
}
