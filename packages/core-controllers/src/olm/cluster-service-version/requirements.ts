// What a ClusterServiceVersion needs before it is installed: its definitions, and rights for its ServiceAccounts.
import { isRecord } from '@pergola/kernel';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { isEstablished } from '../established.ts';
import { csvSpecOf, nameOf, olmGroup, type StrategyPermission } from '../kinds.ts';
import { ownRbac, type Wanted } from '../rbac.ts';

export interface Requirements {
  readonly met: boolean;
  readonly statuses: readonly object[];
}

interface Requirement {
  readonly met: boolean;
  readonly status: object;
}

/** Looks each of them up with `find`. */
export async function checkRequirements(
  csv: KubeResource,
  find: (wanted: Wanted) => Promise<KubeResource | undefined>,
): Promise<Requirements> {
  const { owned = [], required = [] } = csvSpecOf(csv).customresourcedefinitions ?? {};
  const crds = await Promise.all([...owned, ...required].map(({ name }) => checkCrd(name, find)));
  const rights = await Promise.all(
    ownRbac(csv).map(async (wanted) => ({ wanted, found: await find(wanted) })),
  );
  const accounts = accountsOf(csv).map((account) => checkAccount(csv, account, rights));
  const self = {
    group: olmGroup,
    version: 'v1alpha1',
    kind: 'ClusterServiceVersion',
    name: nameOf(csv),
    status: 'Present',
    message: 'CSV minKubeVersion requirement met',
  };
  const requirements = [...crds, ...accounts];
  return {
    met: requirements.every(({ met }) => met),
    statuses: [self, ...requirements.map(({ status }) => status)],
  };
}

async function checkCrd(
  name: string,
  find: (wanted: Wanted) => Promise<KubeResource | undefined>,
): Promise<Requirement> {
  const crd = await find({
    type: resourceTypes.customresourcedefinitions,
    object: { metadata: { name } },
  });
  const base = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', name };
  if (!crd) return { met: false, status: { ...base, status: 'NotPresent', message: 'CRD is not present' } };
  const met = isEstablished(crd);
  const message = met
    ? 'CRD is present and Established condition is true'
    : 'CRD is present but the Established condition is False (not available)';
  const status = met ? 'Present' : 'PresentNotSatisfied';
  return { met, status: { ...base, status, message, uuid: crd.metadata.uid } };
}

function accountsOf(csv: KubeResource): string[] {
  const { permissions = [], clusterPermissions = [] } = csvSpecOf(csv).install?.spec ?? {};
  return [...new Set([...permissions, ...clusterPermissions].map((each) => each.serviceAccountName))];
}

function checkAccount(
  csv: KubeResource,
  account: string,
  rights: readonly { readonly wanted: Wanted; readonly found: KubeResource | undefined }[],
): Requirement {
  const own = rights.find(
    ({ wanted }) => wanted.type.kind === 'ServiceAccount' && nameOf(wanted.object) === account,
  );
  const base = { group: '', version: 'v1', kind: 'ServiceAccount', name: account };
  if (own && !own.found) {
    const message = 'Service account does not exist';
    return { met: false, status: { ...base, status: 'NotPresent', message } };
  }
  const { permissions = [], clusterPermissions = [] } = csvSpecOf(csv).install?.spec ?? {};
  const isBound = bindsAccount(account, rights);
  const dependents = [
    ...rulesOf(permissions, account, 'namespaced', isBound),
    ...rulesOf(clusterPermissions, account, 'cluster', isBound),
  ];
  const status = isBound ? 'Present' : 'PresentNotSatisfied';
  const message = isBound ? {} : { message: 'Policy rule not satisfied for service account' };
  return { met: isBound, status: { ...base, status, ...message, dependents } };
}

/** True when every role and binding for the account is there with the rules that were asked for. */
function bindsAccount(
  account: string,
  rights: readonly { readonly wanted: Wanted; readonly found: KubeResource | undefined }[],
): boolean {
  const roles = new Set(
    rights.filter(({ wanted }) => isFor(wanted.object, account)).map(({ wanted }) => nameOf(wanted.object)),
  );
  return rights
    .filter(({ wanted }) => wanted.type.kind !== 'ServiceAccount' && roles.has(nameOf(wanted.object)))
    .every(({ found }) => found !== undefined);
}

function isFor(object: KubeResource, account: string): boolean {
  const subjects: unknown = object['subjects'];
  return (
    Array.isArray(subjects) && subjects.some((subject) => isRecord(subject) && subject['name'] === account)
  );
}

function rulesOf(
  permissions: readonly StrategyPermission[],
  account: string,
  scope: 'cluster' | 'namespaced',
  isBound: boolean,
): object[] {
  return permissions
    .filter(({ serviceAccountName }) => serviceAccountName === account)
    .flatMap(({ rules }) => rules)
    .map((rule) => ({
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      kind: 'PolicyRule',
      status: isBound ? 'Satisfied' : 'NotSatisfied',
      message: `${scope} rule:${JSON.stringify(rule)}`,
    }));
}
