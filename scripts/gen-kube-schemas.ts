// Writes the schemas of the built-in kinds. Fields, types, required and descriptions come from the models of the
// installed @kubernetes/client-node; the packages of the definitions from the protobuf table; merge keys from the
// generated patch keys and scripts/kube-list-semantics.ts. Part of `npm run gen`.
import { readFileSync, writeFileSync } from 'node:fs';
import { messageRows } from '../packages/kube-plane/src/protobuf/generated/messages.gen.ts';
import { patchKeyRows } from './generated/kube-patch-keys.gen.ts';
import { atomicStructs, keyDefaults, listMapKeys, listSets, mapTypes } from './kube-list-semantics.ts';

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; required?: string[] };
interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

const models = new URL('../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const api = 'io.k8s.api';
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** Package of the definitions to the models of the kinds that are served. */
const roots: Readonly<Record<string, string>> = {
  [`${api}.core.v1`]:
    'V1Namespace V1ServiceAccount V1Secret V1ConfigMap CoreV1Event V1Pod V1Node V1Service V1Endpoints ' +
    'V1PersistentVolumeClaim V1PersistentVolume V1ResourceQuota V1LimitRange V1Binding V1PodTemplate V1ReplicationController',
  [`${api}.apps.v1`]: 'V1Deployment V1ReplicaSet V1StatefulSet V1DaemonSet V1ControllerRevision',
  [`${api}.batch.v1`]: 'V1Job V1CronJob',
  [`${api}.rbac.v1`]: 'V1Role V1RoleBinding V1ClusterRole V1ClusterRoleBinding',
  [`${api}.admissionregistration.v1`]: 'V1MutatingWebhookConfiguration V1ValidatingWebhookConfiguration',
  [`${api}.coordination.v1`]: 'V1Lease',
  [`${api}.authentication.v1`]: 'V1TokenReview AuthenticationV1TokenRequest V1SelfSubjectReview',
  [`${api}.authorization.v1`]:
    'V1SubjectAccessReview V1SelfSubjectAccessReview V1LocalSubjectAccessReview V1SelfSubjectRulesReview',
  [`${api}.discovery.v1`]: 'V1EndpointSlice',
  [`${api}.events.v1`]: 'EventsV1Event',
  [`${api}.policy.v1`]: 'V1Eviction V1PodDisruptionBudget',
  [`${api}.networking.v1`]: 'V1NetworkPolicy V1Ingress V1IngressClass',
  [`${api}.autoscaling.v1`]: 'V1Scale',
  [`${api}.scheduling.v1`]: 'V1PriorityClass',
  [`${api}.storage.v1`]: 'V1StorageClass',
  [`${api}.certificates.v1`]: 'V1CertificateSigningRequest',
  [extensions]: 'V1CustomResourceDefinition',
  [meta]:
    'V1Status V1DeleteOptions V1ObjectMeta V1ListMeta V1Condition V1LabelSelector V1APIResourceList V1APIGroup',
};

const open = { 'x-kubernetes-preserve-unknown-fields': true };
const definitions = new Map<string, Schema>([
  [`${meta}.Time`, { type: 'string', format: 'date-time' }],
  [`${meta}.MicroTime`, { type: 'string', format: 'date-time' }],
  [`${meta}.FieldsV1`, { type: 'object', ...open }],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', { type: 'object', ...open }],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', { 'x-kubernetes-int-or-string': true }],
  [
    'io.k8s.apimachinery.pkg.api.resource.Quantity',
    { format: 'quantity', anyOf: [{ type: 'string' }, { type: 'number' }] },
  ],
  [`${meta}.PartialObjectMetadata`, partial()],
]);
const descriptions = new Map<string, Record<string, string>>();

function partial(): Schema {
  const properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { $ref: `${meta}.ObjectMeta` },
  };
  return { type: 'object', properties };
}

/** JSON field to the notation of its type, inlined messages opened. */
function messageFields(message: string): Map<string, string> {
  const fields = new Map<string, string>();
  const home = message.slice(0, message.lastIndexOf('.'));
  for (const row of messageRows[message]?.split(';') ?? []) {
    const [, name = '', type = ''] = row.split(' ');
    const full = type.replace(/(^|[*\]}])\./, `$1${home}.`);
    if (name === '^') for (const [inner, innerType] of messageFields(full)) fields.set(inner, innerType);
    else fields.set(name.replace('!', ''), full);
  }
  return fields;
}

function modelName(model: string): string {
  return model.replace(
    /^(Core|Events|Admissionregistration|Apiextensions|Rbac|Discovery|Authentication)?V\d/,
    '',
  );
}

/** The definition that a model stands for, seen from the field that refers to it. */
function definitionOf(model: string, home: string, known: string | undefined): string {
  const bare = known?.replace(/^([*]|\[\]|\{\})+/, '');
  if (bare?.startsWith('io.')) return bare;
  const name = modelName(model);
  return messageRows[`${meta}.${name}`] ? `${meta}.${name}` : `${home}.${name}`;
}

const scalarSchemas: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  Date: { $ref: `${meta}.Time` },
  V1MicroTime: { $ref: `${meta}.MicroTime` },
  IntOrString: { $ref: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString' },
  any: open,
  object: open,
};
const special = /Quantity$|\.Time$|\.MicroTime$|RawExtension$|FieldsV1$/;

/** Where a type is used: the package of its owner, and the notation of the protobuf table if it has one. */
interface Use {
  readonly home: string;
  readonly known: string | undefined;
}

function schemaOf(type: string, format: string, at: Use): Schema {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  const inner = { ...at, known: at.known?.replace(/^\*?(\[\]|\{\})/, '') };
  if (list) return { type: 'array', items: schemaOf(list, format, inner) };
  if (map) return { type: 'object', additionalProperties: schemaOf(map, format, inner) };
  return singleSchema(type, format, { ...at, known: at.known?.replace(/^\*/, '') });
}

function singleSchema(type: string, format: string, { home, known }: Use): Schema {
  if (known && special.test(known)) return { $ref: known };
  if (type === 'number') return numberSchema(format, known);
  const scalar = scalarSchemas[type];
  if (scalar) return type === 'string' && format ? { type, format } : { ...scalar };
  const target = definitionOf(type, home, known);
  define(target, type);
  return { $ref: target };
}

function numberSchema(format: string, known: string | undefined): Schema {
  if (format === 'double' || known === 'd') return { type: 'number', format: 'double' };
  return { type: 'integer', format: format || (known === 'l' ? 'int64' : 'int32') };
}

/** Required fields and descriptions, which only the declaration file tells. */
function declared(model: string): { required: Set<string>; text: Map<string, string>; about: string } {
  const source = readFileSync(new URL(`${model}.d.ts`, models), 'utf8');
  const clean = (text: string) => text.replaceAll(/\\(.)/g, '$1').trim();
  const required = new Set<string>();
  const text = new Map<string, string>();
  for (const match of source.matchAll(/(?:\/\*\*\n\s*\* (.*)\n\s*\*\/\n)?\s{4}'([^']+)'(\??): /g)) {
    const [, about, name = '', optional] = match;
    if (!optional) required.add(name);
    if (about) text.set(name, clean(about));
  }
  const about = /\/\*\*\n\* (.*)\n\*\/\nexport declare class/.exec(source)?.[1] ?? '';
  return { required, text, about: clean(about) };
}

function attributesOf(model: string): Attribute[] {
  const source = readFileSync(new URL(`${model}.js`, models), 'utf8');
  const start = source.indexOf('[', source.indexOf('.attributeTypeMap = '));
  return JSON.parse(source.slice(start, source.lastIndexOf('];') + 1)) as Attribute[];
}

function define(name: string, model: string): void {
  if (definitions.has(name)) return;
  const schema: Schema = { type: 'object' };
  definitions.set(name, schema);
  const home = name.slice(0, name.lastIndexOf('.'));
  const fields = messageFields(name);
  const { required, text, about } = declared(model);
  const properties: Record<string, Schema> = {};
  const texts: Record<string, string> = about ? { '': about } : {};
  for (const { name: jsName, baseName, type, format } of attributesOf(model)) {
    properties[baseName] = schemaOf(type, format, { home, known: fields.get(baseName) });
    if (required.has(jsName)) (schema.required ??= []).push(baseName);
    const description = text.get(jsName);
    if (description) texts[baseName] = description;
  }
  schema.properties = properties;
  descriptions.set(name, texts);
}

function field(definition: string, name: string): Schema {
  const schema = definitions.get(definition)?.properties?.[name];
  if (!schema) throw new Error(`no field ${name} in ${definition}`);
  return schema;
}

function addPatchKeys(): void {
  for (const row of patchKeyRows) {
    const [raw = '', name = '', strategy, mergeKey] = row.split(' ');
    const definition = raw.replace('EphemeralContainerCommon', 'EphemeralContainer');
    if (!definitions.has(definition)) continue;
    const schema = field(definition, name);
    schema['x-kubernetes-patch-strategy'] = strategy;
    if (mergeKey) schema['x-kubernetes-patch-merge-key'] = mergeKey;
  }
}

function addListSemantics(): void {
  const known = <T>(table: Readonly<Record<string, T>>) =>
    Object.entries(table).filter(([name]) => definitions.has(name));
  for (const [definition, lists] of known(listMapKeys)) {
    for (const [name, keys] of Object.entries(lists)) {
      Object.assign(field(definition, name), {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': keys.split(','),
      });
    }
  }
  for (const [definition, names] of known(listSets)) {
    for (const name of names) field(definition, name)['x-kubernetes-list-type'] = 'set';
  }
  for (const [definition, fields] of known(mapTypes)) {
    for (const [name, mapType] of Object.entries(fields)) {
      field(definition, name)['x-kubernetes-map-type'] = mapType;
    }
  }
  for (const name of atomicStructs) {
    const schema = definitions.get(name);
    if (schema) schema['x-kubernetes-map-type'] = 'atomic';
  }
  for (const [definition, defaults] of known(keyDefaults)) {
    for (const [name, value] of Object.entries(defaults)) field(definition, name)['default'] = value;
  }
}

/** What the models say too loosely. */
function correct(): void {
  const props = definitions.get(`${extensions}.JSONSchemaProps`)?.properties ?? {};
  props['items'] = { $ref: `${extensions}.JSONSchemaProps` };
  props['$ref'] ??= { type: 'string' };
}

function write(path: string, name: string, rows: ReadonlyMap<string, unknown>): void {
  const lines = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const text = JSON.stringify(JSON.stringify(value))
        .slice(1, -1)
        .replaceAll(String.raw`\"`, '"')
        .replaceAll("'", String.raw`\'`);
      return `  '${key}': '${text}',\n`;
    });
  const header =
    '// Generated by scripts/gen-kube-schemas.ts from @kubernetes/client-node. Do not edit.\n' +
    '// One JSON text for each definition, so that only those in use are ever parsed.\n';
  const body = `export const ${name}: Readonly<Record<string, string>> = {\n${lines.join('')}};\n`;
  writeFileSync(
    new URL(`../packages/kube-plane/src/schema/generated/${path}`, import.meta.url),
    header + body,
  );
}

/** Writes the generated schemas and descriptions of kube-plane. */
export function generateKubeSchemas(): void {
  for (const [home, names] of Object.entries(roots)) {
    for (const model of names.split(' ')) define(`${home}.${modelName(model)}`, model);
  }
  addPatchKeys();
  addListSemantics();
  correct();
  write('builtin-schemas.gen.ts', 'schemaTexts', definitions);
  write('builtin-descriptions.gen.ts', 'descriptionTexts', descriptions);
  console.log(`${definitions.size} Kubernetes definitions`);
}
