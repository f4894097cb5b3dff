// The names of log groups and streams, byte for byte as the logging operator's collectors give them: by the rules of
// `logging.openshift.io/v1` or those of `observability.openshift.io/v1`.
import type { NamingConfig } from '../../config/collector-config.ts';
import type { AuditSource } from '../sources/audit-source.ts';
import type { ContainerMetadata } from '../metadata/container-metadata.ts';
import { renderGroupTemplate, templateFields } from './group-template.ts';

export interface LogNames {
  readonly group: string;
  readonly stream: string;
}

/** Which log the names are for. */
export type LogOrigin =
  | { readonly kind: 'container'; readonly container: ContainerMetadata }
  | { readonly kind: 'node' }
  | { readonly kind: 'audit'; readonly source: AuditSource };

/** The names of a log of the node `hostname`. `record` is what a group's template reads. */
export function namesOf(
  naming: NamingConfig,
  origin: LogOrigin,
  { hostname, record }: { readonly hostname: string; readonly record: object },
): LogNames {
  if (naming.style === 'v1') {
    return { group: safeGroup(v1Group(naming, origin)), stream: safeStream(v1Stream(origin, hostname)) };
  }
  return {
    group: safeGroup(renderGroupTemplate(naming.groupName, record)),
    stream: safeStream(observabilityStream(origin, hostname)),
  };
}

/** Fields that are the same in all records of a container, whatever a line says. */
const fixedFields =
  /^\.(?:log_type|log_source|hostname|kubernetes\.(?!container_iostream)|openshift\.(?!sequence))/;

/**
 * Whether a group's name may differ from record to record. `keepsFields`: no filter changes fields by what lines say;
 * `isContainer`: the log is a container's, whose Kubernetes fields are fixed.
 */
export function isVaryingTemplate(naming: NamingConfig, keepsFields: boolean, isContainer = true): boolean {
  if (naming.style === 'v1') return false;
  return templateFields(naming.groupName).some((field) => {
    if (field === '.log_type' || field === '.log_source' || field === '.hostname') return !keepsFields;
    return !isContainer || !keepsFields || !fixedFields.test(field);
  });
}

function v1Group(naming: NamingConfig & { style: 'v1' }, origin: LogOrigin): string {
  const prefix = naming.prefix === '' ? '' : `${naming.prefix}.`;
  if (origin.kind === 'audit') return `${prefix}audit`;
  // Infrastructure has one group whatever `groupBy` says.
  if (origin.kind === 'node' || origin.container.logType === 'infrastructure')
    return `${prefix}infrastructure`;
  if (naming.groupBy === 'namespaceName') return prefix + origin.container.namespace;
  if (naming.groupBy === 'namespaceUUID') {
    // A namespace that was gone before it was seen has no uid to name a group by.
    return prefix + (origin.container.namespaceUid ?? origin.container.namespace);
  }
  return `${prefix}application`;
}

const v1AuditSuffixes: Readonly<Record<AuditSource, string>> = {
  auditd: 'linux-audit.log',
  kubeAPI: 'k8s-audit.log',
  openshiftAPI: 'openshift-audit.log',
  ovn: 'ovn-audit.log',
};

function v1Stream(origin: LogOrigin, hostname: string): string {
  if (origin.kind === 'node') return `${hostname}.journal.system`;
  if (origin.kind === 'audit') return `${hostname}.${v1AuditSuffixes[origin.source]}`;
  const { namespace, podName, podUid, container, attempt, logType } = origin.container;
  const file = `kubernetes.var.log.pods.${namespace}_${podName}_${podUid}.${container}.${attempt}.log`;
  return logType === 'infrastructure' ? `${hostname}.${file}` : file;
}

function observabilityStream(origin: LogOrigin, hostname: string): string {
  if (origin.kind === 'node') return `${hostname}.journal.system`;
  if (origin.kind === 'audit') return `${hostname}.${origin.source.toLowerCase()}`;
  const { namespace, podName, container, logType } = origin.container;
  const stream = `${namespace}_${podName}_${container}`;
  return logType === 'infrastructure' ? `${hostname}.${stream}` : stream;
}

/** CloudWatch takes `[.\-_/#A-Za-z0-9]{1,512}`; what a label may bring besides becomes `_`. */
function safeGroup(name: string): string {
  return name.replaceAll(/[^\w.\-/#]/g, '_').slice(0, 512) || '_';
}

/** CloudWatch takes anything but `:` and `*`, up to 512 characters. */
function safeStream(name: string): string {
  return name.replaceAll(/[:*]/g, '_').slice(0, 512);
}
