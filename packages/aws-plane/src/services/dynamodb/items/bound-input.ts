// The expressions of a request, read and bound to its placeholders, or what the legacy parameters ask in their place.
import {
  checkParameterStyles,
  checkConditionalOperator,
  type Condition,
  legacyFilter,
  legacyProjection,
  legacyUpdate,
  type ParameterStyles,
  parseCondition,
  parseProjection,
  parseUpdate,
  Placeholders,
  type Projection,
  type Update,
} from '@pergola/item-language';
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import type { ConditionInput, PlaceholderInput, ProjectionInput, UpdateItemInput } from './item-input.ts';

export function placeholdersOf(input: PlaceholderInput): Placeholders {
  return new Placeholders({
    names: input.ExpressionAttributeNames,
    values: input.ExpressionAttributeValues,
  });
}

const GET: ParameterStyles = { expressions: ['ProjectionExpression'], legacy: ['AttributesToGet'] };
const PUT: ParameterStyles = {
  expressions: ['ConditionExpression'],
  legacy: ['Expected', 'ConditionalOperator'],
};
const UPDATE: ParameterStyles = {
  expressions: ['UpdateExpression', 'ConditionExpression'],
  legacy: ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
};

/** What GetItem and BatchGetItem hand out. */
export function boundGet(plane: PlaneContext, input: ProjectionInput): Projection | undefined {
  checkParameterStyles(input, GET);
  const placeholders = placeholdersOf(input);
  const projection = projectionOf(plane, input, placeholders);
  placeholders.checkAllUsed();
  return projection;
}

export function projectionOf(
  plane: PlaneContext,
  { ProjectionExpression: text, AttributesToGet: names }: ProjectionInput,
  placeholders: Placeholders,
): Projection | undefined {
  if (text !== undefined) return parseProjection(text, placeholders, dynamoOf(plane).expressions);
  return names && legacyProjection(names);
}

/** The condition of PutItem and DeleteItem. */
export function boundCondition(plane: PlaneContext, input: ConditionInput): Condition | undefined {
  checkParameterStyles(input, PUT);
  const placeholders = placeholdersOf(input);
  const condition = conditionOf(plane, input, placeholders);
  placeholders.checkAllUsed();
  return condition;
}

function conditionOf(
  plane: PlaneContext,
  input: ConditionInput,
  placeholders: Placeholders,
): Condition | undefined {
  const { ConditionExpression: text, Expected: expected, ConditionalOperator: operator } = input;
  if (text !== undefined)
    return parseCondition('ConditionExpression', text, placeholders, dynamoOf(plane).expressions);
  if (expected && Object.keys(expected).length > 0) return legacyFilter(expected, operator);
  checkConditionalOperator(operator, 0);
  return undefined;
}

export interface BoundUpdate {
  /** Absent: the item is only made sure to exist. */
  readonly update: Update | undefined;
  readonly condition: Condition | undefined;
}

export function boundUpdate(plane: PlaneContext, input: UpdateItemInput): BoundUpdate {
  checkParameterStyles(input, UPDATE);
  const placeholders = placeholdersOf(input);
  const { UpdateExpression: text, AttributeUpdates: legacy } = input;
  const update =
    text === undefined
      ? legacy && legacyUpdate(legacy)
      : parseUpdate(text, placeholders, dynamoOf(plane).expressions);
  const condition = conditionOf(plane, input, placeholders);
  placeholders.checkAllUsed();
  return { update, condition };
}
