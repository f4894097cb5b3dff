// The inputs of the data operations as the codec reads them: values are not checked yet.
import type { LegacyAttributeUpdate, LegacyCondition } from '@pergola/item-language';
import type { AnyOperation, Operation } from '../../../operation.ts';
import { spoken } from '../faults.ts';

export type RawItem = Readonly<Record<string, unknown>>;

export interface Reporting {
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE' | undefined;
}

export interface TableInput extends Reporting {
  readonly TableName?: string | undefined;
}

export interface PlaceholderInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: RawItem | undefined;
}

export interface ProjectionInput extends PlaceholderInput {
  readonly ProjectionExpression?: string | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
}

export interface ConditionInput extends PlaceholderInput {
  readonly ConditionExpression?: string | undefined;
  readonly Expected?: Readonly<Record<string, LegacyCondition>> | undefined;
  readonly ConditionalOperator?: 'AND' | 'OR' | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
}

export interface WriteInput extends TableInput, ConditionInput {
  readonly ReturnValues?: 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW' | undefined;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE' | undefined;
}

export interface PutItemInput extends WriteInput {
  readonly Item?: RawItem | undefined;
}

export interface DeleteItemInput extends WriteInput {
  readonly Key?: RawItem | undefined;
}

export interface UpdateItemInput extends WriteInput {
  readonly Key?: RawItem | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly AttributeUpdates?: Readonly<Record<string, LegacyAttributeUpdate>> | undefined;
}

export interface GetItemInput extends TableInput, ProjectionInput {
  readonly Key?: RawItem | undefined;
  readonly ConsistentRead?: boolean | undefined;
}

export interface ReadInput extends TableInput, ProjectionInput {
  readonly IndexName?: string | undefined;
  readonly Select?:
    | 'ALL_ATTRIBUTES'
    | 'ALL_PROJECTED_ATTRIBUTES'
    | 'SPECIFIC_ATTRIBUTES'
    | 'COUNT'
    | undefined;
  readonly Limit?: number | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ExclusiveStartKey?: RawItem | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ConditionalOperator?: 'AND' | 'OR' | undefined;
}

export interface QueryInput extends ReadInput {
  readonly KeyConditionExpression?: string | undefined;
  readonly KeyConditions?: Readonly<Record<string, LegacyCondition>> | undefined;
  readonly QueryFilter?: Readonly<Record<string, LegacyCondition>> | undefined;
  readonly ScanIndexForward?: boolean | undefined;
}

export interface ScanInput extends ReadInput {
  readonly ScanFilter?: Readonly<Record<string, LegacyCondition>> | undefined;
  readonly Segment?: number | undefined;
  readonly TotalSegments?: number | undefined;
}

/** An operation whose expressions and values may be wrong: what the language says of them is DynamoDB's fault. */
export function defineItemOperation<Input>(operation: Operation<Input>): AnyOperation {
  return {
    ...operation,
    async handle(call, input: Input) {
      try {
        return await operation.handle(call, input);
      } catch (error) {
        throw spoken(error);
      }
    },
  };
}
