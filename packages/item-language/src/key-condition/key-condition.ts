// Conditions on keys: what a Query asks of the partition and the sort key.
import type { AttributeType, AttributeValue } from '../attribute-value.ts';

/** One condition on one key attribute. */
export type KeyCondition =
  | {
      readonly name: string;
      readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins_with';
      readonly value: AttributeValue;
    }
  | {
      readonly name: string;
      readonly operator: 'between';
      readonly low: AttributeValue;
      readonly high: AttributeValue;
    };

/** A key attribute of a table or index. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: Extract<AttributeType, 'S' | 'N' | 'B'>;
}

export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute | undefined;
}

/** What a Query reads: one partition, and of it what the sort key's condition says. */
export interface KeyRange {
  readonly partition: AttributeValue;
  readonly sort?: KeyCondition;
}
