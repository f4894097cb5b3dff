// The RBAC authorizer. Roles and bindings are kept parsed in memory, renewed when one of them changes.
import type { Store } from '@pergola/store';
import type { Authorizer, PolicyRule, UserInfo } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import { type LabelSelector, labelSelectorOf } from '../selectors/label-selector.ts';
import { ruleAllows } from './rule-matching.ts';

const PREFIX = 'kube/rbac.authorization.k8s.io/';
/** Members of this group are never refused. */
const MASTERS = 'system:masters';

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Binding {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly name: string;
  /** '' for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly subjects: readonly Subject[];
  readonly role: { readonly kind: string; readonly name: string };
}

interface Index {
  /** By `<namespace>/<name>`; cluster roles have the namespace ''. */
  readonly rules: ReadonlyMap<string, readonly PolicyRule[]>;
  readonly bindings: readonly Binding[];
}

/** Opens the authorizer on the store; `stop` ends its watch. */
export function createRbac(store: Store): Authorizer & { readonly stop: () => void } {
  let index: Index | undefined;
  const stop = store.watch(PREFIX, store.revision(), () => {
    index = undefined;
  });
  const current = () => {
    index ??= readIndex(store);
    return index;
  };
  return {
    stop,
    rulesFor: (user, namespace) =>
      [...grantsTo(current(), user, namespace)].flatMap(({ rules }) => rules ?? []),
    rulesOf: (kind, namespace, name) =>
      current().rules.get(`${kind === 'ClusterRole' ? '' : namespace}/${name}`),
    authorize(attributes) {
      const { user, namespace } = attributes;
      if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
      const missing: Binding[] = [];
      for (const grant of grantsTo(current(), user, namespace)) {
        if (!grant.rules) missing.push(grant.binding);
        else if (grant.rules.some((rule) => ruleAllows(rule, attributes))) {
          return { allowed: true, reason: allowedBy(grant) };
        }
      }
      return { allowed: false, reason: missingRoles(missing) };
    },
  };
}

/** What one binding gives to a user. */
interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
  /** Undefined when the role does not exist. */
  readonly rules: readonly PolicyRule[] | undefined;
}

/** Cluster-wide bindings first, then those of the namespace. */
function* grantsTo(index: Index, user: UserInfo, namespace: string): Generator<Grant> {
  for (const binding of index.bindings) {
    if (binding.namespace !== '' && binding.namespace !== namespace) continue;
    const subject = binding.subjects.find((each) => isSubject(each, user, binding.namespace));
    if (!subject) continue;
    const { kind, name } = binding.role;
    const rules = index.rules.get(`${kind === 'ClusterRole' ? '' : binding.namespace}/${name}`);
    yield { binding, subject, rules };
  }
}

/** As k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac words it; shown by access reviews. */
function allowedBy({ binding, subject }: Grant): string {
  const { kind, name, namespace, role } = binding;
  const bound = namespace === '' ? name : `${name}/${namespace}`;
  const who =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `RBAC: allowed by ${kind} ${quoted(bound)} of ${role.kind} ${quoted(role.name)} to ${subject.kind} ${quoted(who)}`;
}

/** Bindings that would count if their roles were there; '' when there are none. */
function missingRoles(bindings: readonly Binding[]): string {
  if (bindings.length === 0) return '';
  const sentences = new Set(
    bindings.map(
      ({ role }) => `${role.kind.toLowerCase()}.rbac.authorization.k8s.io ${quoted(role.name)} not found`,
    ),
  );
  const list = [...sentences].join(', ');
  return `RBAC: ${sentences.size === 1 ? list : `[${list}]`}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function isSubject(subject: Subject, user: UserInfo, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return user.username === subject.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const namespace = subject.namespace ?? bindingNamespace;
      return user.username === `system:serviceaccount:${namespace}:${subject.name}`;
    }
    default:
      return false;
  }
}

function readIndex(store: Store): Index {
  const read = (plural: string) =>
    store.list(`${PREFIX}${plural}/`).map((entry) => JSON.parse(entry.value) as KubeObject);
  const clusterRoles = read('clusterroles');
  const roles = [...clusterRoles, ...read('roles')];
  const rules = roles.map((role): [string, readonly PolicyRule[]] => [
    `${role.metadata.namespace ?? ''}/${role.metadata.name}`,
    aggregated(role, clusterRoles),
  ]);
  const bindings = [...read('clusterrolebindings'), ...read('rolebindings')].map(
    (binding): Binding => ({
      kind: binding.kind === 'RoleBinding' ? 'RoleBinding' : 'ClusterRoleBinding',
      name: binding.metadata.name,
      namespace: binding.metadata.namespace ?? '',
      subjects: (binding['subjects'] ?? []) as Subject[],
      role: binding['roleRef'] as Binding['role'],
    }),
  );
  return { rules: new Map(rules), bindings };
}

/** The rules of a role; an aggregating ClusterRole has those of all that its selectors match. */
export function aggregated(role: KubeObject, clusterRoles: readonly KubeObject[]): readonly PolicyRule[] {
  const selectors = aggregationOf(role);
  if (selectors === undefined) return (role['rules'] ?? []) as PolicyRule[];
  return membersOf(role, selectors, clusterRoles, new Set([role.metadata.name]));
}

function aggregationOf(role: KubeObject): readonly LabelSelector[] | undefined {
  const rule = role['aggregationRule'] as { clusterRoleSelectors?: unknown[] } | undefined;
  return rule?.clusterRoleSelectors?.map(labelSelectorOf);
}

function membersOf(
  role: KubeObject,
  selectors: readonly LabelSelector[],
  all: readonly KubeObject[],
  seen: Set<string>,
): PolicyRule[] {
  const members = all.filter(
    (other) =>
      other.metadata.name !== role.metadata.name &&
      selectors.some((selector) => selector.matches(other.metadata.labels)),
  );
  return members.flatMap((member) => {
    if (seen.has(member.metadata.name)) return [];
    seen.add(member.metadata.name);
    const nested = aggregationOf(member);
    return nested ? membersOf(member, nested, all, seen) : ((member['rules'] ?? []) as PolicyRule[]);
  });
}
