// From JSON nodes to a PolicyDocument: which elements there are and of what type. What the values may be
// is the business of rules.ts.
import { assert } from '@pergola/kernel';
import type {
  ConditionClause,
  PatternElement,
  PolicyDocument,
  PolicyKind,
  PrincipalElement,
  Statement,
} from '../document.ts';
import { parseOperator } from '../operators.ts';
import { type JsonMember, type JsonNode, positionOf } from './json-text.ts';
import { memberOf, type Path } from './place.ts';
import { type Wording, wordings } from './wording.ts';

/** Thrown inside the grammar; `parsePolicy` turns it into a fault. */
export class GrammarError extends Error {
  readonly reason: string;
  readonly path: Path;
  readonly detail: string | undefined;

  constructor(reason: string, message: string, path: Path, detail?: string) {
    super(message);
    this.reason = reason;
    this.path = path;
    this.detail = detail;
  }
}

const documentFields = new Set(['Version', 'Id', 'Statement']);
const statementFields = new Set(
  'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' '),
);
const versions = ['2008-10-17', '2012-10-17'] as const;

/** Builds the document, or throws the first GrammarError. */
export function buildDocument(text: string, root: JsonNode, kind: PolicyKind): PolicyDocument {
  return new Builder(text, kind).document(root);
}

class Builder {
  readonly #text: string;
  readonly #kind: PolicyKind;
  readonly #wording: Wording;

  constructor(text: string, kind: PolicyKind) {
    this.#text = text;
    this.#kind = kind;
    this.#wording = wordings[kind];
  }

  document(root: JsonNode): PolicyDocument {
    this.#fields(root, documentFields, []);
    const body = memberOf(root, 'Statement');
    if (!body) throw this.#syntax(['Statement'], 'a policy needs a Statement');
    const nodes = body.type === 'array' ? body.items : [body];
    if (nodes.length === 0) throw this.#syntax(['Statement'], 'a policy needs at least one statement');
    const version = this.#version(memberOf(root, 'Version'));
    return {
      kind: this.#kind,
      version,
      id: this.#optionalText(root, 'Id', ['Id']),
      statements: nodes.map((node, index) => this.#statement(node, ['Statement', index])),
    };
  }

  #version(node: JsonNode | undefined): PolicyDocument['version'] {
    const version = node
      ? versions.find((known) => node.type === 'string' && node.text === known)
      : '2008-10-17';
    if (!version) throw this.#syntax(['Version'], 'the versions are 2008-10-17 and 2012-10-17');
    if (this.#wording.newestVersionOnly && version !== '2012-10-17') {
      throw new GrammarError('old-version', this.#wording.version, ['Version']);
    }
    return version;
  }

  #statement(node: JsonNode, path: Path): Statement {
    const members = this.#fields(node, statementFields, path);
    for (const { key } of members) {
      if (!this.#wording.prohibited.includes(key)) continue;
      throw new GrammarError('prohibited-field', this.#wording.prohibit(key), [...path, key]);
    }
    return {
      sid: this.#optionalText(node, 'Sid', [...path, 'Sid']),
      effect: this.#effect(memberOf(node, 'Effect'), [...path, 'Effect']),
      action: this.#patterns(node, 'Action', path) ?? { negated: false, patterns: [] },
      resource: this.#patterns(node, 'Resource', path),
      principal: this.#principal(node, path),
      conditions: this.#conditions(memberOf(node, 'Condition'), [...path, 'Condition']),
      start: positionOf(this.#text, node.start),
      end: positionOf(this.#text, node.end),
    };
  }

  #fields(node: JsonNode, known: ReadonlySet<string>, path: Path): readonly JsonMember[] {
    if (node.type !== 'object') throw this.#syntax(path, 'an object is expected');
    const stranger = node.members.find((member) => !known.has(member.key));
    if (!stranger) return node.members;
    throw new GrammarError(
      'unknown-field',
      this.#wording.unknown(stranger.key),
      [...path, stranger.key],
      `there is no element "${stranger.key}"`,
    );
  }

  #optionalText(node: JsonNode, key: string, path: Path): string | undefined {
    const value = memberOf(node, key);
    if (value && value.type !== 'string') throw this.#syntax(path, 'a string is expected');
    return value?.text;
  }

  #effect(node: JsonNode | undefined, path: Path): Statement['effect'] {
    if (!node) throw new GrammarError('missing-field', this.#wording.missing('Effect'), path.slice(0, -1));
    if (node.type === 'string' && (node.text === 'Allow' || node.text === 'Deny')) return node.text;
    throw this.#syntax(path, 'Effect is "Allow" or "Deny"');
  }

  /** Reads `field` or `Not…field`; undefined when neither is there or the list is empty. */
  #patterns(node: JsonNode, field: 'Action' | 'Resource', path: Path): PatternElement | undefined {
    const found = this.#either(node, field, path);
    if (!found) return undefined;
    const patterns = this.#texts(found.value, [...path, found.key]);
    return patterns.length === 0 ? undefined : { negated: found.key !== field, patterns };
  }

  #either(node: JsonNode, field: string, path: Path): JsonMember | undefined {
    assert(node.type === 'object', 'a statement is an object');
    const [first, second] = node.members.filter(({ key }) => key === field || key === `Not${field}`);
    if (second) throw this.#syntax([...path, second.key], `${field} and Not${field} exclude one another`);
    return first;
  }

  #principal(node: JsonNode, path: Path): PrincipalElement | undefined {
    const found = this.#either(node, 'Principal', path);
    if (!found) return undefined;
    const { key, value } = found;
    const at = [...path, key];
    const negated = key === 'NotPrincipal';
    if (value.type === 'string') {
      if (value.text === '*') return { negated, everyone: true, aws: ['*'], service: [], federated: [] };
      throw this.#badPrincipal('AWS', value.text, at);
    }
    if (value.type !== 'object' || value.members.length === 0)
      throw this.#syntax(at, 'an object or "*" is expected');
    const names: Record<'AWS' | 'Service' | 'Federated', readonly string[]> = {
      AWS: [],
      Service: [],
      Federated: [],
    };
    for (const { key: type, value: list } of value.members) {
      if (type !== 'AWS' && type !== 'Service' && type !== 'Federated')
        throw this.#strangeType(type, [...at, type]);
      names[type] = this.#texts(list, [...at, type]);
    }
    return { negated, everyone: false, aws: names.AWS, service: names.Service, federated: names.Federated };
  }

  #strangeType(type: string, path: Path): GrammarError {
    const detail =
      type === 'CanonicalUser'
        ? 'CanonicalUser is not implemented: name the account instead'
        : 'principals are AWS, Service or Federated';
    return new GrammarError('invalid-principal', this.#wording.invalidPrincipal(type, '*'), path, detail);
  }

  #badPrincipal(type: string, name: string, path: Path): GrammarError {
    return new GrammarError('invalid-principal', this.#wording.invalidPrincipal(type, name), path);
  }

  #conditions(node: JsonNode | undefined, path: Path): ConditionClause[] {
    if (!node) return [];
    if (node.type !== 'object') throw this.#syntax(path, 'an object is expected');
    return node.members.flatMap(({ key: operator, value }) => {
      const at = [...path, operator];
      if (value.type !== 'object') throw this.#syntax(at, 'an object of condition keys is expected');
      if (value.members.length > 0 && !parseOperator(operator)) {
        throw this.#syntax(at, `there is no condition operator "${operator}"`);
      }
      return value.members.map((member) => ({
        operator,
        key: member.key,
        values: this.#texts(member.value, [...at, member.key], 'scalars'),
      }));
    });
  }

  /** One string or a list of them; with `scalars` also numbers and booleans, as they are written. */
  #texts(node: JsonNode, path: Path, accepted: 'strings' | 'scalars' = 'strings'): string[] {
    const nodes = node.type === 'array' ? node.items : [node];
    return nodes.map((item, index) => {
      const scalar = item.type === 'number' || item.type === 'boolean';
      if (item.type === 'string' || (accepted === 'scalars' && scalar)) return item.text;
      throw this.#syntax([...path, index], 'a string or a list of strings is expected');
    });
  }

  #syntax(path: Path, detail: string): GrammarError {
    return new GrammarError('syntax', this.#wording.syntax, path, detail);
  }
}
