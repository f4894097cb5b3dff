// What the engine answers: a Verdict that names the layer and the statement that decided.
import type { Step } from '@pergola/kernel';

export type PolicyLayer = 'identity' | 'resource' | 'boundary' | 'session' | 'service-control' | 'trust';
export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** The statement that decided: its policy, its place (from 0) and its Sid if it has one. */
export interface DecidingStatement {
  readonly policy: string;
  readonly index: number;
  readonly sid?: string | undefined;
}

/** A Verdict of the policy engine. `layer` is the one that AWS's message would name. */
export interface PolicyVerdict {
  readonly allowed: boolean;
  readonly decision: Decision;
  readonly layer: PolicyLayer;
  readonly statement?: DecidingStatement | undefined;
  /** Built on first access: the hot path of an allowed call pays nothing for them. */
  readonly steps: readonly Step[];
}
