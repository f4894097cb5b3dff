// Names and ARNs of DynamoDB: written, and read from what clients send.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';

/** Where a resource lives. */
export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** A table as a client names it. */
export interface TableName extends Home {
  readonly name: string;
}

const prefixOf = ({ account, region }: Home) => `arn:aws:dynamodb:${region}:${account}`;

export const tableArn = (at: TableName) => `${prefixOf(at)}:table/${at.name}`;
export const indexArn = (at: TableName, index: string) => `${tableArn(at)}/index/${index}`;
export const streamArn = (at: TableName, label: string) => `${tableArn(at)}/stream/${label}`;
export const backupArn = (at: TableName, id: string) => `${tableArn(at)}/backup/${id}`;
export const exportArn = (at: TableName, id: string) => `${tableArn(at)}/export/${id}`;

const NAME = /^[a-zA-Z0-9_.-]+$/;
const ARN =
  /^arn:aws:dynamodb:([a-z0-9-]+):(\d{12}):table\/([a-zA-Z0-9_.-]{3,255})(?:\/(index|stream|backup|export)\/(.+))?$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

/** An ARN of a table or of something of it. */
export interface ResourceName {
  readonly table: TableName;
  readonly kind: 'table' | 'index' | 'stream' | 'backup' | 'export';
  /** Name of the index, label of the stream, id of the backup or export. */
  readonly id: string;
}

/** Reads an ARN; undefined when it is none of DynamoDB's. */
export function parseArn(arn: string): ResourceName | undefined {
  const [, region = '', account = '', name, kind = 'table', id = ''] = ARN.exec(arn) ?? [];
  if (name === undefined) return undefined;
  return { table: { account, region, name }, kind: kind as ResourceName['kind'], id };
}

/** The account and region that a call acts in. */
export function homeOf({ account, region }: Call): Home {
  if (!REGION.test(region)) throw faults.validation(`'${region.slice(0, 64)}' is not a region.`);
  return { account, region };
}

/** The table that a request names, by name or by ARN, whether it exists or not. */
export function tableNameOf(call: Call, text: string | undefined): TableName {
  const home = homeOf(call);
  const name = text ?? '';
  if (name.startsWith('arn:')) {
    const found = parseArn(name);
    if (found?.kind !== 'table' || found.table.region !== home.region) throw faults.invalidTableArn(name);
    return found.table;
  }
  if (!NAME.test(name)) throw faults.badName('tableName', name);
  if (name.length < 3 || name.length > 255) throw faults.tableNameLength();
  return { ...home, name };
}

/** The resource that a request names by its ARN, for tags and policies. */
export function resourceOf(call: Call, arn: string | undefined): ResourceName {
  const found = parseArn(arn ?? '');
  if (!found) throw faults.validation(`Invalid TableArn: Invalid ResourceArn provided as input ${arn ?? ''}`);
  if (found.table.region !== homeOf(call).region) throw faults.accessToOtherRegion(arn ?? '');
  return found;
}
