// Inputs as the collector reads them.
import type { ContainerGlob, InputConfig } from '../../config/collector-config.ts';
import { quantityValue } from '../quantity.ts';
import type { ContainerTuning, Input } from '../spec/forwarder-spec.ts';
import type { LegacyInput } from '../spec/legacy-forwarder-spec.ts';
import {
  type AuditSource,
  auditSources,
  type InfrastructureSource,
  infrastructureSources,
} from '../spec/shared-spec.ts';

/** What a reserved name stands for; undefined for any other. */
export function reservedInput(name: string): InputConfig | undefined {
  if (name === 'application') return { name, type: name, includes: [], excludes: [] };
  if (name === 'infrastructure') return { name, type: name, sources: infrastructureSources };
  return name === 'audit' ? { name, type: name, sources: auditSources } : undefined;
}

/** An input of logging.openshift.io; undefined for a receiver. */
export function resolveLegacyInput(input: LegacyInput): InputConfig | undefined {
  const { name = '', application, infrastructure, audit } = input;
  if (application) {
    const namespaces = (application.namespaces ?? []).map((namespace): ContainerGlob => ({ namespace }));
    return {
      name,
      type: 'application',
      includes: [...namespaces, ...(application.includes ?? [])],
      excludes: application.excludes ?? [],
      selector: application.selector,
      maxRecordsPerSecondPerContainer: application.containerLimit?.maxRecordsPerSecond,
    };
  }
  if (infrastructure) {
    const sources = (infrastructure.sources ?? infrastructureSources) as readonly InfrastructureSource[];
    return { name, type: 'infrastructure', sources };
  }
  if (!audit) return undefined;
  return { name, type: 'audit', sources: (audit.sources ?? auditSources) as readonly AuditSource[] };
}

/** An input of observability.openshift.io; undefined for a receiver. */
export function resolveInput(input: Input): InputConfig | undefined {
  const { name, type, application, infrastructure = {}, audit = {} } = input;
  if (type === 'application') return { name, type, ...containersOf(application ?? {}) };
  if (type === 'infrastructure') {
    const { sources = infrastructureSources, tuning } = infrastructure;
    return { name, type, sources, ...limitsOf(tuning?.container) };
  }
  return type === 'audit' ? { name, type, sources: audit.sources ?? auditSources } : undefined;
}

function containersOf({ includes = [], excludes = [], selector, tuning }: NonNullable<Input['application']>) {
  return { includes, excludes, selector, ...limitsOf(tuning) };
}

function limitsOf(tuning: ContainerTuning | undefined) {
  const { rateLimitPerContainer, maxMessageSize } = tuning ?? {};
  return {
    maxRecordsPerSecondPerContainer: rateLimitPerContainer?.maxRecordsPerSecond,
    maxMessageBytes: maxMessageSize === undefined ? undefined : quantityValue(maxMessageSize),
  };
}
