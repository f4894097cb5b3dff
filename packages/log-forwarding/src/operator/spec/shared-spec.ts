// The parts of a specification that both API groups write alike. Everything may be absent: schemas check shapes, the
// operator's validation checks meaning.
import type { AuditRule, ContainerGlob, LabelSelector } from '../../config/collector-config.ts';

/** Seconds, bytes or a quantity such as `10M`. */
export type Quantity = number | string;

export interface Limit {
  readonly maxRecordsPerSecond?: number;
}

export interface DropCondition {
  readonly field?: string;
  readonly matches?: string;
  readonly notMatches?: string;
  readonly olderThan?: string;
}

export interface FilterBodies {
  readonly drop?: readonly { readonly test?: readonly DropCondition[] }[];
  readonly prune?: { readonly in?: readonly string[]; readonly notIn?: readonly string[] };
  readonly kubeAPIAudit?: {
    readonly rules?: readonly AuditRule[];
    readonly omitStages?: readonly string[];
    readonly omitResponseCodes?: readonly number[] | null;
  };
}

export interface TuningFields {
  readonly compression?: string;
  readonly maxWrite?: Quantity;
  /** Seconds. */
  readonly minRetryDuration?: number;
  /** Seconds. */
  readonly maxRetryDuration?: number;
}

/** Pergola's own fields of a CloudWatch output. */
export interface GroupFields {
  readonly retentionInDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kmsKeyId?: string;
}

export interface ContainerSelection {
  readonly selector?: LabelSelector;
  readonly includes?: readonly ContainerGlob[];
  readonly excludes?: readonly ContainerGlob[];
}

export interface Pipeline {
  readonly name?: string;
  readonly inputRefs?: readonly string[];
  readonly outputRefs?: readonly string[];
  readonly filterRefs?: readonly string[];
}

/** Where collectors run and what they may use. */
export interface Scheduling {
  readonly resources?: object | null;
  readonly nodeSelector?: Readonly<Record<string, string>> | null;
  readonly tolerations?: readonly object[] | null;
}

/** The inputs that every forwarder has without naming them. */
export const reservedInputs = ['application', 'audit', 'infrastructure'] as const;
export const infrastructureSources = ['container', 'node'] as const;
export const auditSources = ['auditd', 'kubeAPI', 'openshiftAPI', 'ovn'] as const;

export type InfrastructureSource = (typeof infrastructureSources)[number];
export type AuditSource = (typeof auditSources)[number];

export function isReservedInput(name: string): boolean {
  return (reservedInputs as readonly string[]).includes(name);
}
