// Which role a resource's calls are made with: the one that an IAMRoleSelector names, else that of its namespace's team or
// account in ACK's maps, else none.
import { labelsMatch, type KubeResource } from '@pergola/kube-client';
import type { Kind } from '../../kind/kind.ts';
import { dependency, type Lookup } from '../cluster/lookup.ts';
import { RecoverableFault, TerminalFault } from '../faults.ts';
import { messages, serviceOf } from '../names.ts';

export const accountMapName = 'ack-role-account-map';
export const teamMapName = 'ack-role-team-map';
const retryMs = 15_000;

export interface RoleQuestion {
  readonly kind: Kind;
  readonly object: KubeResource;
  readonly account: string | undefined;
  readonly team: string | undefined;
  readonly ownAccount: string;
}

export interface ChosenRole {
  readonly arn: string;
  /** `name@resourceVersion` of the selector that chose it. */
  readonly selector?: { readonly name: string; readonly version: string };
}

/** Adds to `dependencies` what the answer was read from. Throws RecoverableFault or TerminalFault when there is none. */
export async function chooseRole(
  lookup: Lookup,
  question: RoleQuestion,
  dependencies: Set<string>,
): Promise<ChosenRole | undefined> {
  dependencies.add(dependency.roleSelectors);
  const selected = await selectedRole(lookup, question);
  if (selected !== undefined) return selected;
  const { team, account, ownAccount } = question;
  if (team !== undefined) return mappedRole(lookup, question, { map: teamMapName, id: team, dependencies });
  if (account === undefined || account === ownAccount) return undefined;
  return mappedRole(lookup, question, { map: accountMapName, id: account, dependencies });
}

interface MapEntry {
  readonly map: string;
  readonly id: string;
  readonly dependencies: Set<string>;
}

async function mappedRole(lookup: Lookup, { kind }: RoleQuestion, entry: MapEntry): Promise<ChosenRole> {
  const { map, id, dependencies } = entry;
  dependencies.add(dependency.configMap(map));
  const data: Readonly<Record<string, string>> = (await lookup.configMap(map))?.['data'] ?? {};
  const arn = data[`${serviceOf(kind)}.${id}`] ?? data[id];
  if (!arn) throw new RecoverableFault(messages.roleUnavailable, retryMs);
  return { arn: roleArn(arn, `the ConfigMap ${map}`) };
}

async function selectedRole(lookup: Lookup, question: RoleQuestion): Promise<ChosenRole | undefined> {
  const selectors = await lookup.roleSelectors();
  if (selectors.length === 0) return undefined;
  const namespace = await lookup.namespace(question.object.metadata.namespace ?? '');
  const matching = selectors.filter((selector) => selects(selector, question, namespace));
  const [first, ...others] = matching;
  if (first === undefined) return undefined;
  if (others.length > 0) {
    const names = matching
      .map(({ metadata }) => metadata.name)
      .toSorted()
      .join(', ');
    throw new TerminalFault(`more than one IAMRoleSelector selects this resource: ${names}`);
  }
  const { name, resourceVersion = '' } = first.metadata;
  const arn = roleArn(String(first['spec']?.arn ?? ''), `the IAMRoleSelector ${name}`);
  return { arn, selector: { name, version: resourceVersion } };
}

/** All of a selector's parts must hold, of each list one entry. */
function selects(
  selector: KubeResource,
  { kind, object }: RoleQuestion,
  namespace: KubeResource | undefined,
): boolean {
  const spec: SelectorSpec = selector['spec'] ?? {};
  const { names = [], labelSelector } = spec.namespaceSelector ?? {};
  return (
    isAmong(names, (name) => name === object.metadata.namespace) &&
    isAmong(spec.resourceTypeSelector, (type) => isOfType(kind, type)) &&
    hasLabels(labelSelector, namespace) &&
    hasLabels(spec.resourceLabelSelector, object)
  );
}

function hasLabels(labels: Labels | undefined, object: KubeResource | undefined): boolean {
  return labelsMatch(labels?.matchLabels ?? {}, object?.metadata.labels);
}

/** Of a list one must hold; a list that is absent or empty asks for nothing. */
function isAmong<T>(list: readonly T[] | undefined, holds: (each: T) => boolean): boolean {
  return list === undefined || list.length === 0 || list.some(holds);
}

interface SelectorSpec {
  readonly namespaceSelector?: { readonly names?: readonly string[]; readonly labelSelector?: Labels };
  readonly resourceLabelSelector?: Labels;
  readonly resourceTypeSelector?: readonly TypeSelector[];
}

interface Labels {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

type TypeSelector = Partial<Readonly<Record<'group' | 'version' | 'kind', string>>>;

/** What a selector leaves open is any. */
function isOfType(kind: Kind, type: TypeSelector): boolean {
  const parts = ['group', 'version', 'kind'] as const;
  return parts.every((part) => !type[part] || type[part] === kind[part]);
}

function roleArn(text: string, source: string): string {
  if (/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(text)) return text;
  throw new TerminalFault(`'${text}' in ${source} is not the ARN of a role`);
}

/** The account and partition that a role belongs to. */
export function ownerOfRole(arn: string): { readonly account: string; readonly partition: string } {
  const [, partition = 'aws', , , account = ''] = arn.split(':');
  return { account, partition };
}
