// The commands of the small `rosa`.
import { isRecord } from '@pergola/kernel';
import { stringify } from 'yaml';
import { type Cluster, OcError } from '../oc/cluster.ts';

type Described = Record<string, unknown>;

const print = (text: string) => void process.stdout.write(`${text}\n`);

/** The value of `-c NAME`, `--cluster NAME` or `--cluster=NAME`. */
function optionOf(argv: readonly string[], long: string, short: string): string | undefined {
  for (const [index, word] of argv.entries()) {
    if (word === `--${long}` || word === `-${short}`) return argv[index + 1];
    if (word.startsWith(`--${long}=`)) return word.slice(long.length + 3);
  }
  return undefined;
}

/** Prints the value whole, as `-o json` or `-o yaml` ask; false when neither was asked for. */
function printAs(output: string | undefined, value: unknown): boolean {
  if (output === undefined) return false;
  if (output === 'json') print(JSON.stringify(value, undefined, 2));
  else if (output === 'yaml') print(stringify(value).trimEnd());
  else throw new OcError(`unknown output format '${output}'; valid options are [json yaml]`);
  return true;
}

async function search(cluster: Cluster, condition: string): Promise<Described[]> {
  const query = new URLSearchParams({ page: '1', size: '100', search: condition });
  const { items } = await cluster.call('GET', `/api/clusters_mgmt/v1/clusters?${query.toString()}`);
  return Array.isArray(items) ? items.filter(isRecord) : [];
}

export async function describeCluster(cluster: Cluster, argv: readonly string[]): Promise<number> {
  const key = optionOf(argv, 'cluster', 'c');
  if (key === undefined) throw new OcError('required flag(s) "cluster" not set');
  if (!/^[a-zA-Z0-9-]+$/.test(key))
    throw new OcError(`Cluster name, identifier or external identifier '${key}' isn't valid`);
  const [found] = await search(
    cluster,
    `product.id = 'rosa' AND (id = '${key}' OR name = '${key}' OR external_id = '${key}')`,
  );
  if (!found) throw new OcError(`There is no cluster with identifier or name '${key}'`);
  if (printAs(optionOf(argv, 'output', 'o'), found)) return 0;
  for (const [name, value] of rowsOf(found)) print(`${`${name}:`.padEnd(28)}${value}`);
  return 0;
}

function rowsOf(found: Described): [string, string][] {
  const at = (...path: string[]): string => {
    const value = path.reduce<unknown>((within, key) => (isRecord(within) ? within[key] : undefined), found);
    return typeof value === 'string' ? value : '';
  };
  return [
    ['Name', at('name')],
    ['ID', at('id')],
    ['External ID', at('external_id')],
    ['OpenShift Version', at('openshift_version')],
    ['State', at('state')],
    ['Region', at('region', 'id')],
    ['API URL', at('api', 'url')],
    ['OIDC Endpoint URL', at('aws', 'sts', 'oidc_endpoint_url')],
  ];
}

export async function listClusters(cluster: Cluster, argv: readonly string[]): Promise<number> {
  const clusters = await search(cluster, "product.id = 'rosa'");
  if (printAs(optionOf(argv, 'output', 'o'), clusters)) return 0;
  print(`${'ID'.padEnd(34)}${'NAME'.padEnd(20)}STATE`);
  for (const each of clusters)
    print(`${String(each['id']).padEnd(34)}${String(each['name']).padEnd(20)}${String(each['state'])}`);
  return 0;
}

export async function whoami(cluster: Cluster, argv: readonly string[]): Promise<number> {
  const account = await cluster.call('GET', '/api/accounts_mgmt/v1/current_account');
  if (printAs(optionOf(argv, 'output', 'o'), account)) return 0;
  for (const [name, value] of Object.entries(account))
    if (typeof value === 'string') print(`${name}: ${value}`);
  return 0;
}
