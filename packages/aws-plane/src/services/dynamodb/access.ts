// What the operations ask of policies: the action, the ARN, the tags, the attributes, and the resource policies.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
import { LruMap } from '@pergola/kernel';
import { compilePolicy, type CompiledPolicy, type NamedPolicy, parsePolicy } from '@pergola/policy';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import {
  homeOf,
  indexArn,
  type ResourceName,
  streamArn,
  tableArn,
  type TableName,
  tableNameOf,
} from './arn.ts';
import { attributeContext, type Context, type DataInput } from './attribute-context.ts';
import { dynamoOf } from './dynamo-context.ts';
import { speaking } from './faults.ts';
import type { Table } from './tables/table.ts';
import { findTable } from './tables/table-state.ts';

export type { Context } from './attribute-context.ts';

/** By text, so that it cannot be stale and planes may share it. */
const compiled = new LruMap<string, CompiledPolicy>(256);

function policyOf(arn: string, document: string | undefined): NamedPolicy | undefined {
  if (document === undefined) return undefined;
  let policy = compiled.get(document);
  if (!policy) {
    const parsed = parsePolicy(document, 'resource');
    if (!parsed.ok) throw new Error(`a stored resource policy is malformed: ${parsed.error.message}`);
    compiled.set(document, (policy = compilePolicy(parsed.value)));
  }
  return { name: `resource-policy:${arn}`, policy };
}

/** One action on a table, or with `resource` on something of it that the table's policy covers. */
export function checkOnTable(call: Call, action: string, at: TableName, more: MoreOfCheck = {}): AccessCheck {
  const table = findTable(call.plane.store, at);
  const arn = table?.arn ?? tableArn(at);
  return {
    action: `dynamodb:${action}`,
    resource: more.resource ?? arn,
    resourceAccount: at.account,
    resourcePolicy: policyOf(arn, table?.record.policy?.document),
    context: table ? Object.assign(tagContext(table), more.context) : (more.context ?? {}),
  };
}

interface MoreOfCheck {
  readonly resource?: string | undefined;
  readonly context?: Context | undefined;
}

function tagContext({ record }: Table): Context {
  const context: Context = {};
  for (const key in record.tags) context[`aws:ResourceTag/${key}`] = record.tags[key] ?? '';
  return context;
}

interface TableInput {
  readonly TableName?: string | undefined;
}

/** One action on the table that the input names. */
export function onTable<Input extends TableInput>(action: string): Access<Input> {
  return { iam: (input, call) => [checkOnTable(call, action, tableNameOf(call, input.TableName))] };
}

/** The same for what reads and writes items: policies may look at keys and attributes. */
export function onItems<Input extends DataInput & TableInput>(action: string): Access<Input> {
  return {
    iam(input, call) {
      const at = tableNameOf(call, input.TableName);
      return [checkOnItems(call, action, at, input)];
    },
  };
}

export function checkOnItems(call: Call, action: string, at: TableName, input: DataInput): AccessCheck {
  const table = findTable(call.plane.store, at);
  const { IndexName: index } = input;
  const context = speaking(() => attributeContext(action, table, input, dynamoOf(call.plane).expressions));
  return checkOnTable(call, action, at, {
    context,
    ...(index !== undefined && { resource: indexArn(at, index) }),
  });
}

/** One action on what an ARN names; streams have policies of their own. */
export function checkOnResource(
  call: Call,
  action: string,
  { table: at, kind, id }: ResourceName,
): AccessCheck {
  const check = checkOnTable(call, action, at);
  if (kind === 'table') return check;
  const resource = kind === 'stream' ? streamArn(at, id) : `${tableArn(at)}/${kind}/${id}`;
  if (kind === 'index') return { ...check, resource };
  const record = findTable(call.plane.store, at)?.record;
  const document =
    kind === 'stream' && record?.stream?.label === id ? record.streamPolicy?.document : undefined;
  return { ...check, resource, resourcePolicy: policyOf(resource, document) };
}

/** One action that is not about one table. */
export function onAccount<Input>(action: string): Access<Input> {
  return {
    iam(_, call) {
      homeOf(call);
      return [{ action: `dynamodb:${action}`, resource: '*' }];
    },
  };
}

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTags(
  tags: Readonly<Record<string, string>>,
  goneKeys: readonly string[] = [],
): Context {
  const keys = [...Object.keys(tags), ...goneKeys];
  if (keys.length === 0) return {};
  const values = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
  return { ...Object.fromEntries(values), 'aws:TagKeys': keys };
}
