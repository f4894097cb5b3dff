// The filter `kubeAPIAudit`: thins out API audit events by rules like those of the API server's audit policy, with `*`
// in names, and by stages and response codes. The first rule that fits decides; where none does, events of the system
// itself are thinned out by default rules, in the way of the real collector.
import { isRecord } from '@pergola/kernel';
import type { AuditPolicy, AuditRule } from '../../config/collector-config.ts';
import type { MutableRecord } from '../records/container-record.ts';
import { readField } from './field-path.ts';
import type { RecordFilter } from './filter-function.ts';
import { globMatcher } from './wildcards.ts';

interface AuditEvent {
  readonly verb: string;
  readonly stage: string;
  readonly username: string;
  readonly groups: readonly string[];
  readonly namespace: string;
  readonly group: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  readonly name: string;
  readonly isResource: boolean;
  readonly path: string;
  readonly code: number | undefined;
}

type Condition = (event: AuditEvent) => boolean;

interface CompiledRule {
  readonly level: AuditRule['level'];
  readonly omitStages: ReadonlySet<string>;
  readonly omitManagedFields: boolean;
  readonly conditions: readonly Condition[];
}

const readOnlyVerbs = /get|list|watch|head|options/;

/** Records that are no API audit events pass. */
export function compileAuditPolicy(policy: AuditPolicy): RecordFilter {
  const omitStages = new Set(policy.omitStages);
  const omitCodes = new Set(policy.omitResponseCodes);
  const rules = policy.rules.map(compileRule);
  return (record) => {
    if (typeof record['auditID'] !== 'string' || typeof record['verb'] !== 'string') return true;
    const event = eventOf(record);
    if (omitStages.has(event.stage) || (event.code !== undefined && omitCodes.has(event.code))) return false;
    const rule = rules.find(({ conditions }) => conditions.every((holds) => holds(event)));
    const level = rule ? levelBy(rule, event) : levelByDefault(event, String(record['level']));
    return strip(record, level, rule?.omitManagedFields === true);
  };
}

function compileRule(rule: AuditRule): CompiledRule {
  const conditions: Condition[] = [];
  const { namespaces, nonResourceURLs, resources } = rule;
  conditions.push(...callerConditions(rule));
  if (namespaces?.length) {
    const matches = globMatcher(namespaces);
    // The empty name stands for what is in no namespace.
    conditions.push(({ namespace }) => (namespace === '' ? namespaces.includes('') : matches(namespace)));
  }
  if (nonResourceURLs?.length) {
    const matches = globMatcher(nonResourceURLs);
    conditions.push(({ isResource, path }) => !isResource && matches(path));
  }
  if (resources?.length) {
    const groups = resources.map(compileResources);
    conditions.push((event) => event.isResource && groups.some((holds) => holds(event)));
  }
  return {
    level: rule.level,
    omitStages: new Set(rule.omitStages),
    omitManagedFields: rule.omitManagedFields === true,
    conditions,
  };
}

function callerConditions({ verbs, users, userGroups }: AuditRule): Condition[] {
  const conditions: Condition[] = [];
  if (verbs?.length) conditions.push(({ verb }) => verbs.includes(verb) || verbs.includes('*'));
  if (users?.length) {
    const matches = globMatcher(users);
    conditions.push(({ username }) => username !== '' && matches(username));
  }
  if (userGroups?.length) {
    const matches = globMatcher(userGroups);
    conditions.push(({ groups }) => groups.some(matches));
  }
  return conditions;
}

function compileResources({
  group = '',
  resources = [],
  resourceNames = [],
}: NonNullable<AuditRule['resources']>[number]): Condition {
  const isGroup = globMatcher([group]);
  const isResource = globMatcher(resources);
  const isName = globMatcher(resourceNames);
  return (event) =>
    isGroup(event.group) &&
    (resources.length === 0 || isResource(event.resource)) &&
    (resourceNames.length === 0 || isName(event.name));
}

function levelBy({ level, omitStages }: CompiledRule, { stage }: AuditEvent): AuditRule['level'] {
  return omitStages.has(stage) ? 'None' : level;
}

/** What the system does to itself is of little interest: reads, and writes of an account in its own namespace. */
function levelByDefault({ username, verb, namespace, code }: AuditEvent, level: string): string {
  if (username !== '' && !username.startsWith('system:')) return level;
  if (readOnlyVerbs.test(verb)) return 'None';
  const isDone = code === undefined || code < 300;
  if (isDone && username.startsWith(`system:serviceaccount:${namespace}`)) return 'None';
  return level === 'RequestResponse' ? 'Request' : level;
}

/** Leaves of the event what `level` allows; false when that is nothing. */
function strip(record: MutableRecord, level: string, omitManagedFields: boolean): boolean {
  if (level === 'None') return false;
  record['level'] = level;
  if (level === 'Metadata') delete record['requestObject'];
  if (level === 'Metadata' || level === 'Request') delete record['responseObject'];
  if (omitManagedFields) {
    for (const body of [record['requestObject'], record['responseObject']]) {
      const metadata = isRecord(body) ? body['metadata'] : undefined;
      if (isRecord(metadata)) delete metadata['managedFields'];
    }
  }
  return true;
}

function eventOf(record: MutableRecord): AuditEvent {
  const text = (...path: string[]) => {
    const value = readField(record, path);
    return typeof value === 'string' ? value : '';
  };
  const subresource = text('objectRef', 'subresource');
  const resource = text('objectRef', 'resource');
  const groups = readField(record, ['user', 'groups']);
  const code = readField(record, ['responseStatus', 'code']);
  return {
    verb: text('verb'),
    stage: text('stage'),
    username: text('user', 'username'),
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    namespace: text('objectRef', 'namespace'),
    group: text('objectRef', 'apiGroup'),
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    name: text('objectRef', 'name'),
    isResource: isRecord(record['objectRef']),
    path: text('requestURI').split('?', 1)[0] ?? '',
    code: typeof code === 'number' ? code : undefined,
  };
}
