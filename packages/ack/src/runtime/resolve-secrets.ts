// Fields whose text lies in a Secret. Their versions tell whether AWS was given the text that stands there now.
import { isRecord } from '@pergola/kernel';
import type { JsonObject, Kind } from '../kind/kind.ts';
import { dependency, type Lookup } from './cluster/lookup.ts';
import { TerminalFault } from './faults.ts';
import { holdersOf, lastNameOf, type Mutable } from './json-path.ts';

export interface SecretScope {
  readonly lookup: Lookup;
  readonly namespace: string;
  readonly crossNamespace: boolean;
  readonly dependencies: Set<string>;
  /** Told of what lies in another namespace. */
  readonly onCrossing: (what: string) => void;
}

export interface SecretTexts {
  /** With the text in place of each reference. */
  readonly spec: JsonObject;
  /** By path: namespace, name and key, and which version of the Secret; nothing of its text. */
  readonly versions: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

interface OneText {
  readonly text: string;
  readonly version: string;
}

/** Throws TerminalFault, naming the Secret and never its text. */
export async function resolveSecrets(kind: Kind, spec: JsonObject, scope: SecretScope): Promise<SecretTexts> {
  const filled = structuredClone(spec) as Mutable;
  const versions: Record<string, string> = {};
  const texts: Record<string, string> = {};
  for (const path of kind.secrets) {
    const found: OneText[] = [];
    for (const holder of holdersOf(filled, path)) found.push(...(await fill(holder, path, scope)));
    if (found.length === 0) continue;
    versions[path] = found.map(({ version }) => version).join(',');
    texts[path] = JSON.stringify(found.map(({ text }) => text));
  }
  return { spec: filled as JsonObject, versions, texts };
}

/** Puts the text in place of the reference, or of each in a list. */
async function fill(holder: Mutable, path: string, scope: SecretScope): Promise<readonly OneText[]> {
  const name = lastNameOf(path);
  const reference = holder[name];
  if (reference === undefined || reference === null) return [];
  if (!Array.isArray(reference)) {
    const one = await textOf(path, reference, scope);
    holder[name] = one.text;
    return [one];
  }
  const list: OneText[] = [];
  for (const each of reference) list.push(await textOf(path, each, scope));
  holder[name] = list.map(({ text }) => text);
  return list;
}

async function textOf(path: string, reference: unknown, scope: SecretScope): Promise<OneText> {
  const { namespace, name, key } = placeOf(path, reference, scope);
  if (namespace !== scope.namespace) scope.onCrossing(`Secret ${namespace}/${name}`);
  scope.dependencies.add(dependency.secret({ namespace, name }));
  const secret = await scope.lookup.secret({ namespace, name });
  if (secret === undefined) throw new TerminalFault(`kubernetes secret not found: ${namespace}/${name}`);
  const type: unknown = secret['type'];
  if (type !== undefined && type !== 'Opaque') {
    throw new TerminalFault(`only opaque secrets can be used: ${namespace}/${name} is of another type`);
  }
  const encoded: unknown = secret['data']?.[key];
  if (typeof encoded !== 'string') {
    throw new TerminalFault(`kubernetes secret not found: ${namespace}/${name} has no key ${key}`);
  }
  const { uid = '', resourceVersion = '' } = secret.metadata;
  return {
    text: Buffer.from(encoded, 'base64').toString('utf8'),
    version: `${namespace}/${name}.${key}@${uid}/${resourceVersion}`,
  };
}

interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

function placeOf(path: string, reference: unknown, scope: SecretScope): Place {
  const { name, key, namespace: named } = isRecord(reference) ? reference : {};
  if (!isText(name) || !isText(key)) {
    throw new TerminalFault(`${path} names no Secret: it must have name and key`);
  }
  const namespace = isText(named) ? named : scope.namespace;
  if (namespace !== scope.namespace && !scope.crossNamespace) {
    throw new TerminalFault(
      'cross-namespace secret reference is not allowed: the operator runs with --disable-cross-namespace. ' +
        `sourceNamespace:${scope.namespace}, targetNamespace:${namespace}, name:${name}`,
    );
  }
  return { namespace, name, key };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
