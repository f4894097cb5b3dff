// The form of an awsQuery request as a tree: `Tags.member.1.Key=a` is node Tags, node member, node 1, node Key.
import { AwsFault } from '../fault.ts';
import { decodeFormText } from '@pergola/aws-model';

export interface FormNode {
  value: string | undefined;
  children: Map<string, FormNode> | undefined;
}

/** More parameters than any operation takes, few enough to be read in milliseconds. */
const parametersMax = 20_000;
/** No shape of the query services nests as deep. */
const depthMax = 24;

/** Reads one or more form-encoded texts into one tree. Later parameters win. Throws MalformedQueryString. */
export function parseForm(...texts: readonly string[]): FormNode {
  const root: FormNode = { value: undefined, children: new Map() };
  let count = 0;
  for (const text of texts) {
    if (text === '') continue;
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      count += 1;
      if (count > parametersMax) throw malformed();
      addPair(root, pair);
    }
  }
  return root;
}

/** One parameter of a form-encoded text, without reading the others. */
export function formParameter(text: string, name: string): string | undefined {
  const start = text.startsWith(`${name}=`) ? 0 : text.indexOf(`&${name}=`) + 1;
  if (start === 0 && !text.startsWith(`${name}=`)) return undefined;
  const end = text.indexOf('&', start);
  return decodeFormText(text.slice(start + name.length + 1, end < 0 ? undefined : end));
}

function addPair(root: FormNode, pair: string): void {
  const equals = pair.indexOf('=');
  const key = decodeFormText(equals < 0 ? pair : pair.slice(0, equals));
  const value = equals < 0 ? '' : decodeFormText(pair.slice(equals + 1));
  if (key === undefined || value === undefined) throw malformed();
  nodeAt(root, key).value = value;
}

function nodeAt(root: FormNode, key: string): FormNode {
  if (!key.includes('.')) return childOf(root, key);
  const parts = key.split('.', depthMax + 1);
  if (parts.length > depthMax) throw malformed();
  return parts.reduce(childOf, root);
}

function childOf(node: FormNode, name: string): FormNode {
  node.children ??= new Map();
  let child = node.children.get(name);
  if (!child) {
    child = { value: undefined, children: undefined };
    node.children.set(name, child);
  }
  return child;
}

function malformed(): AwsFault {
  return new AwsFault('MalformedQueryString', 404, 'The query string contains a syntax error.');
}
