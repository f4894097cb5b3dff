// The cluster as OCM describes it.
import type { Plane } from '../../contract.ts';

export function regionOf(plane: Plane): Record<string, unknown> {
  const { region } = plane.cluster;
  return {
    kind: 'CloudRegion',
    id: region,
    href: `/api/clusters_mgmt/v1/cloud_providers/aws/regions/${region}`,
    display_name: region,
    cloud_provider: { kind: 'CloudProviderLink', id: 'aws' },
    enabled: true,
    supports_hypershift: true,
    supports_multi_az: true,
  };
}

export function clusterOf(plane: Plane): Record<string, unknown> {
  const { cluster, tokens } = plane;
  const { id, name, account, region, version, topology, infrastructureName } = cluster;
  const url = plane.url();
  const role = (suffix: string) => `arn:aws:iam::${account}:role/${name}-${suffix}-Role`;
  return {
    kind: 'Cluster',
    id,
    href: `/api/clusters_mgmt/v1/clusters/${id}`,
    name,
    display_name: name,
    external_id: id,
    infra_id: infrastructureName,
    domain_prefix: name,
    creation_timestamp: '2024-01-01T00:00:00Z',
    product: { kind: 'ProductLink', id: 'rosa' },
    cloud_provider: { kind: 'CloudProviderLink', id: 'aws' },
    region: { kind: 'CloudRegionLink', id: region },
    subscription: { kind: 'SubscriptionLink', id, href: `/api/accounts_mgmt/v1/subscriptions/${id}` },
    state: 'ready',
    status: { state: 'ready', dns_ready: true, oidc_ready: true, provision_error_message: '' },
    managed: true,
    multi_az: false,
    hypershift: { enabled: topology === 'hcp' },
    ccs: { enabled: true, disable_scp_checks: false },
    api: { url, listening: 'external' },
    console: { url },
    dns: { base_domain: `${name}.pergola.localhost` },
    network: {
      type: 'OVNKubernetes',
      machine_cidr: '10.0.0.0/16',
      service_cidr: '172.30.0.0/16',
      pod_cidr: '10.128.0.0/14',
      host_prefix: 23,
    },
    nodes: { compute: 1, compute_machine_type: { kind: 'MachineTypeLink', id: 'm5.xlarge' }, total: 1 },
    openshift_version: version,
    version: {
      kind: 'Version',
      id: `openshift-v${version}`,
      raw_id: version,
      channel_group: 'stable',
      enabled: true,
      available_upgrades: [],
    },
    properties: { rosa_creator_arn: `arn:aws:iam::${account}:user/admin` },
    aws: {
      account_id: account,
      private_link: false,
      sts: {
        enabled: true,
        role_arn: role('Installer'),
        support_role_arn: role('Support'),
        oidc_endpoint_url: tokens.issuer,
        operator_role_prefix: name,
        instance_iam_roles: { master_role_arn: role('ControlPlane'), worker_role_arn: role('Worker') },
        operator_iam_roles: [],
        managed_policies: topology === 'hcp',
        auto_mode: true,
      },
    },
  };
}
