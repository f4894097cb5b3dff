// Where something stands in a document: a path of names and indexes, found again in the text.
import type { JsonNode } from './json-text.ts';

/** E.g. `['Statement', 0, 'Action', 1]`. Index 0 of what is written without a list is the thing itself. */
export type Path = readonly (string | number)[];

/** The node at `path`, or the nearest one above it. */
export function nodeAt(root: JsonNode, path: Path): JsonNode {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (!next) break;
    node = next;
  }
  return node;
}

function childOf(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === 'string') return memberOf(node, step);
  if (node.type === 'array') return node.items[step];
  return step === 0 ? node : undefined;
}

/** The value of a member of an object node. */
export function memberOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.type === 'object' ? node.members.find((member) => member.key === key)?.value : undefined;
}

/** `Statement[0].Action[1]`. */
export function renderPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
