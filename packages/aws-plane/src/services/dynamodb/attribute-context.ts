// The condition keys of DynamoDB that speak of a request's items: leading keys, attributes, select, return values.
import type { KeyCondition } from '@pergola/item-language';
import {
  ExpressionCache,
  legacyKeyConditions,
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

const trees = new ExpressionCache({ entries: 500, bytes: 4 * 1_048_576 });

/** `action`: without `dynamodb:`. */
export function attributeContext(action: string, table: Table | undefined, input: DataInput): Context {
  const context: Context = {};
  const leading = table ? leadingKeys(table, input) : [];
  if (leading.length > 0) context['dynamodb:LeadingKeys'] = leading;
  const attributes = attributesOf(input);
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
function leadingKeys(table: Table, input: DataInput): readonly string[] {
  const index = table.indexes.find(({ name }) => name === input.IndexName);
  const { name } = (index?.schema ?? table.schema).partition;
  const items = input.Keys ?? [input.Key ?? input.Item ?? {}];
  const values = items.flatMap((item) => shownKey(item[name]));
  if (values.length > 0) return values;
  return conditionsOf(input).flatMap((condition) =>
    condition.name === name && condition.operator === '=' ? shownKey(condition.value) : [],
  );
}

function conditionsOf(input: DataInput): readonly KeyCondition[] {
  const { KeyConditionExpression: text, KeyConditions: legacy } = input;
  if (legacy) return legacyKeyConditions(legacy);
  if (text === undefined) return [];
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  return parseKeyCondition(text, new Placeholders({ names, values }), trees);
}

function shownKey(value: unknown): readonly string[] {
  const { S, N, B } = (value ?? {}) as Partial<Record<'S' | 'N', string> & { B: Uint8Array }>;
  const shown = S ?? N ?? (B && Buffer.from(B).toString('base64'));
  return shown === undefined ? [] : [shown];
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
function attributesOf(input: DataInput): readonly string[] {
  const found = new Set<string>(input.AttributesToGet);
  for (const member of MAPS) for (const name in input[member]) found.add(name);
  for (const key of input.Keys ?? []) for (const name in key) found.add(name);
  for (const member of EXPRESSIONS) {
    const text = input[member];
    if (text !== undefined) addNames(found, text, input.ExpressionAttributeNames);
  }
  return [...found];
}

const WORD = /(?<![.:#\w])(?:#\w+|[A-Za-z_]\w*)(?!\w*\s*\()/g;
const KEYWORDS = /^(?:AND|OR|NOT|BETWEEN|IN|SET|REMOVE|ADD|DELETE)$/i;

/** Every name at the head of a path: what is neither a keyword, a function nor a value. */
function addNames(found: Set<string>, text: string, names: Readonly<Record<string, string>> = {}): void {
  for (const [word] of text.matchAll(WORD)) {
    if (word.startsWith('#')) found.add((Object.hasOwn(names, word) ? names[word] : undefined) ?? word);
    else if (!KEYWORDS.test(word)) found.add(word);
  }
}
