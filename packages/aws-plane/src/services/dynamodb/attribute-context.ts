// The condition keys of DynamoDB that speak of a request's items: leading keys, attributes, select, return values.
import {
  checkValue,
  type ExpressionCache,
  ItemLanguageError,
  type KeyCondition,
  legacyKeyConditions,
  mentionedAttributes,
  parseKeyCondition,
  Placeholders,
} from '@pergola/item-language';
import type { RawItem } from './items/item-input.ts';
import type { Table } from './tables/table.ts';

/** Condition keys and their values. */
export type Context = Record<string, string | readonly string[]>;

/** The members of the data operations that policies may look at. */
export interface DataInput {
  readonly IndexName?: string | undefined;
  readonly Key?: RawItem | undefined;
  readonly Item?: RawItem | undefined;
  readonly Keys?: readonly RawItem[] | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly KeyConditions?: Readonly<Record<string, object>> | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: RawItem | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
  readonly AttributeUpdates?: object | undefined;
  readonly Expected?: object | undefined;
  readonly QueryFilter?: object | undefined;
  readonly ScanFilter?: object | undefined;
  readonly Select?: string | undefined;
  readonly ReturnValues?: string | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
}

/** `action`: without `dynamodb:`. Throws `ItemLanguageError` for keys that are none. */
export function attributeContext(
  action: string,
  table: Table | undefined,
  input: DataInput,
  cache?: ExpressionCache,
): Context {
  const context: Context = {};
  const leading = table ? leadingKeys(table, input, cache) : [];
  if (leading.length > 0) context['dynamodb:LeadingKeys'] = leading;
  const attributes = attributesOf(input, cache);
  if (attributes.length > 0) context['dynamodb:Attributes'] = attributes;
  if (reads.has(action)) context['dynamodb:Select'] = selectOf(input);
  if (input.ReturnValues !== undefined) context['dynamodb:ReturnValues'] = input.ReturnValues;
  if (input.ReturnConsumedCapacity !== undefined)
    context['dynamodb:ReturnConsumedCapacity'] = input.ReturnConsumedCapacity;
  return context;
}

const reads: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);

/** What is read, whether the request says so or leaves it to what is usual: policies must not be evaded by silence. */
function selectOf({ Select, ProjectionExpression, AttributesToGet, IndexName }: DataInput): string {
  if (Select !== undefined) return Select;
  if (ProjectionExpression !== undefined || AttributesToGet) return 'SPECIFIC_ATTRIBUTES';
  return IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}

/** The partition keys that the request is about. */
function leadingKeys(table: Table, input: DataInput, cache: ExpressionCache | undefined): readonly string[] {
  const index = table.indexes.find(({ name }) => name === input.IndexName);
  const { name } = (index?.schema ?? table.schema).partition;
  const items = input.Keys ?? [input.Key ?? input.Item ?? {}];
  const values = items.flatMap((item) => (Object.hasOwn(item, name) ? shownKey(item[name]) : []));
  if (values.length > 0) return values;
  return conditionsOf(input, cache).flatMap((condition) =>
    condition.name === name && condition.operator === '=' ? shownKey(condition.value) : [],
  );
}

function conditionsOf(input: DataInput, cache: ExpressionCache | undefined): readonly KeyCondition[] {
  const { KeyConditionExpression: text, KeyConditions: legacy } = input;
  if (legacy) return legacyKeyConditions(legacy);
  if (text === undefined) return [];
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  return parseKeyCondition(text, new Placeholders({ names, values }), cache);
}

/** A key as policies compare it: numbers in their canonical form, bytes in base64. */
export function shownKey(raw: unknown): readonly string[] {
  const value = checkValue(raw);
  if ('S' in value) return [value.S];
  if ('N' in value) return [value.N];
  return 'B' in value ? [Buffer.from(value.B).toString('base64')] : [];
}

const EXPRESSIONS = [
  'KeyConditionExpression',
  'ProjectionExpression',
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
] as const;
const MAPS = [
  'Key',
  'Item',
  'KeyConditions',
  'AttributeUpdates',
  'Expected',
  'QueryFilter',
  'ScanFilter',
] as const;

/** Names of the top-level attributes that the request mentions. */
function attributesOf(input: DataInput, cache: ExpressionCache | undefined): readonly string[] {
  const found = new Set<string>(input.AttributesToGet);
  for (const member of MAPS) for (const name in input[member]) found.add(name);
  for (const key of input.Keys ?? []) for (const name in key) found.add(name);
  for (const member of EXPRESSIONS) {
    const text = input[member];
    if (text === undefined) continue;
    for (const name of mentioned(member, text, input.ExpressionAttributeNames, cache)) found.add(name);
  }
  return [...found];
}

/** What cannot be read mentions nothing: the operation refuses it, in its own order of errors, before it reads items. */
function mentioned(...expression: Parameters<typeof mentionedAttributes>): Iterable<string> {
  try {
    return mentionedAttributes(...expression);
  } catch (error) {
    if (error instanceof ItemLanguageError) return [];
    throw error;
  }
}
