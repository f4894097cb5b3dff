// Resource policies: those of the account and region, and the one of a group, as they take part in a decision.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/logs/iam-access-control-overview-cwl.html
import { LruMap } from '@pergola/kernel';
import {
  compilePolicy,
  type CompiledPolicy,
  type NamedPolicy,
  parsePolicy,
  type PolicyDocument,
} from '@pergola/policy';
import type { Reader } from '@pergola/store';
import type { Call } from '../../call.ts';
import { groupArn, type GroupName, type Home } from './arn.ts';
import { GROUP_POLICY, listRecords, readRecord, type Table } from './state.ts';

/** A policy by its name, or by the ARN of the group that it is for. */
export interface ResourcePolicyRecord {
  readonly name?: string | undefined;
  readonly resourceArn?: string | undefined;
  readonly document: string;
  readonly updatedMs: number;
  readonly revisionId: string;
}

export const accountPolicies: Table<ResourcePolicyRecord> = { noun: 'account-policy' };
export const groupPolicies: Table<ResourcePolicyRecord> = { noun: GROUP_POLICY };

/** By the texts of the documents, so that it cannot be stale and planes may share it. */
const compiled = new LruMap<string, CompiledPolicy>(256);

/** The policies about a group as one, for AWS adds up what they say. */
export function policyFor(call: Call, at: GroupName): NamedPolicy | undefined {
  const texts = documentsFor(call.plane.store, at);
  if (texts.length === 0) return undefined;
  return { name: `resource-policy:${groupArn(at)}`, policy: compileAll(texts) };
}

function documentsFor(reader: Reader, at: GroupName): string[] {
  const own = readRecord(reader, groupPolicies, at, groupArn(at));
  const common = policiesOfAccount(reader, at);
  return [...common, ...(own ? [own] : [])].map(({ document }) => document);
}

export function policiesOfAccount(reader: Reader, home: Home): ResourcePolicyRecord[] {
  return listRecords(reader, accountPolicies, home);
}

function compileAll(texts: readonly string[]): CompiledPolicy {
  const key = texts.join('\n');
  const known = compiled.get(key);
  if (known) return known;
  const documents = texts.map(currentDocument);
  const [first] = documents;
  if (!first) throw new Error('no policies to compile');
  const made = compilePolicy({ ...first, statements: documents.flatMap(({ statements }) => statements) });
  compiled.set(key, made);
  return made;
}

/** As a document of the newest version: documents of 2008 know no variables, and must not learn them from others. */
function currentDocument(text: string): PolicyDocument {
  const document = parsed(text);
  if (document.version === '2012-10-17') return document;
  return { ...parsed(text.replaceAll('${', '${$}{')), version: '2012-10-17' };
}

function parsed(text: string): PolicyDocument {
  const document = parsePolicy(text, 'resource');
  if (!document.ok) throw new Error(`a stored resource policy is malformed: ${document.error.message}`);
  return document.value;
}
