// The tables of input constraints, as `scripts/gen-aws-constraints.ts` writes them into `generated/`.

/** What a value must be. Lengths count characters, list elements or map entries. */
export interface Constraint {
  readonly pattern?: string;
  readonly shortest?: number;
  readonly longest?: number;
  readonly least?: number;
  readonly most?: number;
  readonly enum?: readonly string[];
  /** Rules of a list's elements, a map's keys, a map's values. */
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
  /** The value is never repeated in a message. */
  readonly secret?: 1;
}

export interface ConstraintModel {
  /** By name. */
  readonly rules: Readonly<Record<string, Constraint>>;
  /** By structure and member: the name of the member's rule. */
  readonly members: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
