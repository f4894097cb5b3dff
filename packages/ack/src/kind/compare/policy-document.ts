// The meaning of an IAM policy document: two texts with the same meaning give the same canonical text.
import { isObject } from '../values/to-aws.ts';

/** Undefined when it is no JSON. */
export function canonicalPolicy(text: string): string | undefined {
  const document = parsed(text);
  if (!isObject(document)) return undefined;
  const statements = listOf(document['Statement']).map((statement) => canonicalStatement(statement));
  return JSON.stringify({
    version: document['Version'] ?? '2008-10-17',
    id: document['Id'],
    statements: statements.sort(),
  });
}

/** JSON with its members in order and without spaces. */
export function canonicalJson(text: string): string | undefined {
  const document = parsed(text);
  return document === undefined ? undefined : JSON.stringify(ordered(document));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function canonicalStatement(statement: unknown): string {
  if (!isObject(statement)) return JSON.stringify(statement);
  const members = Object.entries(statement)
    .filter(([name, value]) => !(name === 'Sid' && value === ''))
    .map(([name, value]) => [name, canonicalMember(name, value)] as const);
  return JSON.stringify(ordered(Object.fromEntries(members)));
}

function canonicalMember(name: string, value: unknown): unknown {
  switch (name) {
    case 'Action':
    case 'NotAction':
      return texts(value).map((action) => action.toLowerCase());
    case 'Resource':
    case 'NotResource':
      return texts(value);
    case 'Principal':
    case 'NotPrincipal':
      return canonicalPrincipal(value);
    case 'Condition':
      return isObject(value) ? mapped(value, (keys) => (isObject(keys) ? mapped(keys, texts) : keys)) : value;
    default:
      return value;
  }
}

function canonicalPrincipal(value: unknown): unknown {
  if (value === '*') return { AWS: ['*'] };
  if (!isObject(value)) return value;
  return mapped(value, (names) =>
    texts(names)
      .map((name) => accountOf(name))
      .sort(),
  );
}

/** An account and its root are the same principal. */
function accountOf(principal: string): string {
  return /^arn:[\w-]+:iam::(\d{12}):root$/.exec(principal)?.[1] ?? principal;
}

function mapped(
  value: Readonly<Record<string, unknown>>,
  change: (entry: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry)]));
}

function texts(value: unknown): string[] {
  return listOf(value)
    .map((element) => (typeof element === 'string' ? element : JSON.stringify(element)))
    .sort();
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => ordered(element));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, ordered(entry)]));
}
