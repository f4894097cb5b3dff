// One log event as a person reads it: when, how grave, from where, and what.
import { isRecord } from '@pergola/kernel';

export interface RecordLine {
  /** Empty when the event says nothing of it. */
  readonly level: string;
  /** `namespace/pod/container`, a unit of the node, or `audit USER`. Empty: only the stream is known. */
  readonly source: string;
  readonly message: string;
}

/** Reads a record of the cluster's collector; any other message is its own text. */
export function readRecord(message: string): RecordLine {
  const record = parseObject(message);
  if (record === undefined) return { level: '', source: '', message };
  const level = textOf(record['level']);
  const source = containerOf(record) ?? unitOf(record);
  if (source !== undefined) return { level, source, message: contentOf(record, message) };
  if (record['kind'] === 'Event' && 'auditID' in record) return auditLine(record);
  return { level, source: '', message: textOf(record['message']) || message };
}

function parseObject(message: string): Record<string, unknown> | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(message);
    return isRecord(value) ? value : undefined;
  } catch {
    // Looks like JSON and is not: shown as it is.
    return undefined;
  }
}

function containerOf({ kubernetes }: Record<string, unknown>): string | undefined {
  if (!isRecord(kubernetes)) return undefined;
  const names = ['namespace_name', 'pod_name', 'container_name'].map((name) => textOf(kubernetes[name]));
  return names.filter(Boolean).join('/') || undefined;
}

function unitOf(record: Record<string, unknown>): string | undefined {
  const { systemd, hostname } = record;
  if (!isRecord(systemd)) return undefined;
  const user = isRecord(systemd['u']) ? systemd['u'] : {};
  const trusted = isRecord(systemd['t']) ? systemd['t'] : {};
  const unit = textOf(user['SYSLOG_IDENTIFIER']) || textOf(trusted['SYSTEMD_UNIT']) || 'journal';
  return `${textOf(hostname)}/${unit}`;
}

function contentOf(record: Record<string, unknown>, whole: string): string {
  if (typeof record['message'] === 'string') return record['message'];
  return record['structured'] === undefined ? whole : JSON.stringify(record['structured']);
}

/** `get pods/web in shop → 403`. */
function auditLine(record: Record<string, unknown>): RecordLine {
  const { verb, objectRef, responseStatus, user, requestURI } = record;
  const code = isRecord(responseStatus) ? responseStatus['code'] : undefined;
  const answer = code === undefined ? '' : ` → ${textOf(code)}`;
  const message = `${textOf(verb)} ${objectOf(objectRef) ?? textOf(requestURI)}${answer}`;
  const who = isRecord(user) ? textOf(user['username']) : '';
  return { level: '', source: `audit ${who}`, message };
}

function objectOf(reference: unknown): string | undefined {
  if (!isRecord(reference)) return undefined;
  const { resource, subresource, name, namespace } = reference;
  const path = [resource, name, subresource].map(textOf).filter(Boolean).join('/');
  return namespace === undefined ? path : `${path} in ${textOf(namespace)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
