// Types of fields: what a custom resource may hold at a place, and how it is named in AWS's shapes.
import type { Constraint } from '@pergola/aws-model';

export type Scalar = 'string' | 'boolean' | 'integer' | 'number' | 'timestamp' | 'blob' | 'secret';

export type FieldType =
  | { readonly kind: Scalar }
  | { readonly kind: 'list'; readonly item: FieldType }
  | { readonly kind: 'map'; readonly value: FieldType }
  | ObjectType;

export interface ObjectType {
  readonly kind: 'object';
  /** Of the shape in the model. */
  readonly shape: string;
  readonly fields: readonly Field[];
}

export interface Field {
  /** In the custom resource. */
  readonly name: string;
  /** In AWS's shapes. */
  readonly member: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly constraint: Constraint | undefined;
  /** `Shape.Member`, by which its description is found. */
  readonly origin: string;
}
