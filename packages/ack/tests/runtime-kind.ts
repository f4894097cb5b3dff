// A kind over an AWS that lies in memory: just enough of both to see the controller at work.
import { AwsError, type AwsTarget, type OperationAnswer, type OperationCall } from '@pergola/aws-client';
import { isRecord, jsonEqual } from '@pergola/kernel';
import type { AwsCall, Change, Difference, JsonObject, Kind, Observed, Wanted } from '../src/index.ts';

export const group = 'things.services.k8s.aws';

export interface Thing {
  name: string;
  size: number;
  color: string | undefined;
  zone: string | undefined;
  password: string | undefined;
  role: string | undefined;
  tags: Record<string, string>;
  state: 'creating' | 'available' | 'modifying' | 'deleting';
  items: number;
}

/** All things of all accounts and regions, the calls that were made, and what shall go wrong. */
export class FakeAws {
  readonly things = new Map<string, Thing>();
  readonly calls: { operation: string; region: string; key: string; input: Record<string, unknown> }[] = [];
  /** Throws before or after the call is carried out. */
  before: ((call: OperationCall) => void) | undefined;
  after: ((call: OperationCall) => void) | undefined;
  /** Things become available by themselves at the next look. */
  isSlow = false;

  readonly call = async (
    { region, credentials }: AwsTarget,
    call: OperationCall,
  ): Promise<OperationAnswer> => {
    const input = call.input as Record<string, unknown>;
    const held = credentials && 'get' in credentials ? await credentials.get() : credentials;
    this.calls.push({ operation: call.operation, region, key: held?.accessKeyId ?? '', input });
    this.before?.(call);
    const output = this.#answer(call.operation, input);
    this.after?.(call);
    return { output, requestId: 'r' };
  };

  writes(): string[] {
    return this.calls.map(({ operation }) => operation).filter((name) => !/^(Describe|List)/.test(name));
  }

  #answer(operation: string, input: Record<string, unknown>): Record<string, unknown> {
    const name = String(input['Name']);
    const thing = this.things.get(name);
    switch (operation) {
      case 'DescribeThing':
        if (!thing) throw new AwsError(404, 'ThingNotFound', `Thing ${name} not found`);
        return this.#look(thing);
      case 'CreateThing':
        if (thing) throw new AwsError(400, 'ThingAlreadyExists', `Thing ${name} already exists`);
        if (Number(input['Size']) > 1000) throw new AwsError(400, 'InvalidParameterValue', 'Invalid size');
        this.things.set(name, thingOf(name, input, this.isSlow));
        return { Arn: arnOf(name) };
      case 'ModifyThing':
        if (!thing) throw new AwsError(404, 'ThingNotFound', `Thing ${name} not found`);
        Object.assign(thing, lower(input), this.isSlow ? { state: 'modifying' } : {});
        return {};
      case 'DeleteThing':
        if (!thing) throw new AwsError(404, 'ThingNotFound', `Thing ${name} not found`);
        if (this.isSlow && thing.state !== 'deleting') thing.state = 'deleting';
        else this.things.delete(name);
        return {};
      default:
        throw new AwsError(400, 'InvalidAction', operation);
    }
  }

  #look(thing: Thing): Record<string, unknown> {
    const answer = structuredClone(thing);
    if (thing.state === 'deleting') this.things.delete(thing.name);
    else thing.state = 'available';
    return { Thing: answer };
  }
}

function thingOf(name: string, input: Record<string, unknown>, isSlow: boolean): Thing {
  const empty = { color: 'grey', zone: undefined, password: undefined, role: undefined, tags: {}, size: 1 };
  return { ...empty, items: 0, ...lower(input), name, state: isSlow ? 'creating' : 'available' };
}

function lower(input: Record<string, unknown>): Partial<Thing> {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, value]),
  );
}

export function arnOf(name: string): string {
  return `arn:aws:things:us-east-1:123456789012:thing/${name}`;
}

const text = { type: 'string' };
const reference = {
  type: 'object',
  properties: { from: { type: 'object', properties: { name: text, namespace: text } } },
};

const specSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: text,
    size: { type: 'integer' },
    color: text,
    zone: text,
    role: text,
    roleRef: reference,
    password: { type: 'object', properties: { name: text, namespace: text, key: text } },
    tags: { type: 'object', additionalProperties: text },
  },
};

const statusSchema = {
  type: 'object',
  properties: {
    state: text,
    latestRestorableTime: text,
    ackResourceMetadata: {
      type: 'object',
      required: ['ownerAccountID', 'region'],
      properties: { arn: text, ownerAccountID: text, region: text, partition: text },
    },
    conditions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'status'],
        properties: { type: text, status: text, reason: text, message: text, lastTransitionTime: text },
      },
    },
  },
};

export interface ThingKindOptions {
  readonly kind?: string;
  readonly isStateful?: boolean;
}

/** Another kind of thing in the same AWS; each needs a name of its own. */
export function thingKind({ kind = 'Thing', isStateful = false }: ThingKindOptions = {}): Kind {
  const plural = `${kind.toLowerCase()}s`;
  return {
    group,
    version: 'v1alpha1',
    kind,
    plural,
    service: 'sqs',
    nameField: 'name',
    isStateful,
    actions: ['things:CreateThing', 'things:DescribeThing'],
    actionsOfCall: (operation) => [`things:${operation}`],
    references: [
      {
        path: 'role',
        refPath: 'roleRef',
        isList: false,
        target: { group, kind, plural },
        targetPath: 'status.ackResourceMetadata.arn',
      },
    ],
    secrets: ['password'],
    tagsPath: 'tags',
    get crd() {
      return definitionOf(kind, plural);
    },
    read,
    async create(call, wanted) {
      const { password, name, size, color, zone, role } = wanted.spec;
      const Tags = { ...wanted.defaultTags, ...asTags(wanted.spec['tags']) };
      const input = {
        Name: name,
        Size: size,
        Color: color,
        Zone: zone,
        Role: role,
        Password: password,
        Tags,
      };
      const answer = await call('CreateThing', defined(input));
      return (await read(call, wanted)) ?? { spec: wanted.spec, status: {}, arn: String(answer['Arn']) };
    },
    update,
    async remove(call, wanted) {
      await call('DeleteThing', { Name: wanted.spec['name'] });
    },
    compare,
    progressOf: ({ status }) =>
      status['state'] === 'available'
        ? { state: 'ready' }
        : { state: 'waiting', because: `it is ${String(status['state'])}`, againMs: 20 },
    lateInitialized: (spec, observed) =>
      spec['color'] === undefined && observed.spec['color'] !== undefined
        ? { color: observed.spec['color'] }
        : {},
    identify(fields) {
      for (const field of Object.keys(fields))
        if (field !== 'name') throw new Error(`unknown field ${field}`);
      return { spec: { name: fields['name'] ?? '' }, status: {}, arn: undefined };
    },
    async dataAtRisk(_call, observed) {
      const items = Number(observed.status['items'] ?? 0);
      return items > 0 ? `it holds ${items} items` : undefined;
    },
    isTerminal: ({ code }) => code === 'InvalidParameterValue',
  };
}

function asTags(value: unknown): Record<string, string> {
  return isRecord(value) ? (value as Record<string, string>) : {};
}

function defined(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

let nextRead = 0;

async function read(call: AwsCall, wanted: Wanted): Promise<Observed | undefined> {
  const name = wanted.spec['name'];
  if (typeof name !== 'string') return undefined;
  try {
    const { Thing: found } = await call('DescribeThing', { Name: name });
    const { state, items, password: _, ...spec } = found as Thing;
    const latestRestorableTime = new Date(nextRead++).toISOString();
    const status = { state, latestRestorableTime, ...(items > 0 ? { items } : {}) };
    return { spec: defined({ ...spec }) as JsonObject, status, arn: arnOf(name) };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ThingNotFound') return undefined;
    throw error;
  }
}

async function update(call: AwsCall, { wanted, differences }: Change): Promise<Observed> {
  const input: Record<string, unknown> = { Name: wanted.spec['name'] };
  for (const { path } of differences) {
    input[`${path.charAt(0).toUpperCase()}${path.slice(1)}`] =
      path === 'tags' ? { ...wanted.defaultTags, ...asTags(wanted.spec['tags']) } : wanted.spec[path];
  }
  await call('ModifyThing', input);
  const observed = await read(call, wanted);
  if (!observed) throw new AwsError(404, 'ThingNotFound', 'gone');
  return observed;
}

function compare(wanted: Wanted, observed: Observed): readonly Difference[] {
  const found: Difference[] = [];
  for (const path of ['size', 'color', 'zone', 'role']) {
    const value = wanted.spec[path];
    if (value === undefined || jsonEqual(value, observed.spec[path])) continue;
    found.push({
      path,
      wanted: value,
      observed: observed.spec[path],
      effect: path === 'zone' ? 'replace' : 'update',
    });
  }
  const tags = { ...wanted.defaultTags, ...asTags(wanted.spec['tags']) };
  if (!jsonEqual(tags, observed.spec['tags'])) {
    found.push({ path: 'tags', wanted: tags, observed: observed.spec['tags'], effect: 'update' });
  }
  if (wanted.changedSecrets.includes('password')) {
    found.push({ path: 'password', wanted: undefined, observed: undefined, effect: 'update' });
  }
  return found;
}

function definitionOf(kind: string, plural: string) {
  const schema = {
    type: 'object',
    properties: {
      apiVersion: text,
      kind: text,
      metadata: { type: 'object' },
      spec: specSchema,
      status: statusSchema,
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
        },
      ],
    },
  };
}
