// The inputs of TransactWriteItems and TransactGetItems as the codec reads them.
import type {
  ConditionInput,
  PlaceholderInput,
  RawItem,
  Reporting,
  TableInput,
  UpdateItemInput,
} from '../items/item-input.ts';

interface ActionInput extends TableInput, ConditionInput {
  readonly Key?: RawItem | undefined;
}

export interface PutAction extends TableInput, ConditionInput {
  readonly Item?: RawItem | undefined;
}

export interface TransactWriteItem {
  readonly ConditionCheck?: ActionInput | undefined;
  readonly Put?: PutAction | undefined;
  readonly Delete?: ActionInput | undefined;
  readonly Update?: UpdateItemInput | undefined;
}

export interface TransactWriteItemsInput extends Reporting {
  readonly TransactItems?: readonly TransactWriteItem[] | undefined;
  readonly ClientRequestToken?: string | undefined;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE' | undefined;
}

export interface TransactGet extends TableInput, PlaceholderInput {
  readonly Key?: RawItem | undefined;
  readonly ProjectionExpression?: string | undefined;
}

export interface TransactGetItemsInput extends Reporting {
  readonly TransactItems?: readonly { readonly Get?: TransactGet | undefined }[] | undefined;
}
