// A kind's whole life, as a table of a kind says it: made, read by another client, left alone, changed, held fixed, shared
// with nobody, retained, adopted, deleted, made again.
import { expect } from 'vitest';
import type { AckOperator, JsonObject, Kind } from '../src/index.ts';
import { namespace, type Sdk, type World } from './lives-world.ts';
import { eventually } from './runtime-setup.ts';
import { readSamples, type Sample } from './samples.ts';
import { typeOf } from '../src/runtime/names.ts';

export interface Life {
  /** `iam/Role` */
  readonly kind: string;
  /** Kinds whose samples must be there first. */
  readonly needs?: readonly string[];
  /** Beside the sample's spec: at least a name that no other resource has. */
  readonly spec: JsonObject | ((world: World) => Promise<JsonObject>);
  /** As AWS's SDK sees it. Undefined, or an error that says so, when it is not there. */
  read(sdk: Sdk): Promise<unknown>;
  /** What `read` gives of the sample. */
  readonly made: object;
  /** A merge patch of the spec, with all that can be changed; absent for kinds of which nothing can. */
  readonly changes?: JsonObject;
  /** What `read` gives then. */
  readonly changed?: object;
  /** Fields that the API server does not let anyone change, each with another value. */
  readonly fixed?: JsonObject;
  /** Fields that AWS can only change by making another resource, each with another value. */
  readonly replaced?: JsonObject;
  /** The field that keeps AWS from deleting, which `changes` sets. */
  readonly protection?: string;
  /** The annotation adoption-fields; by default the name. */
  readonly adoption?: Readonly<Record<string, string>>;
}

interface Subject {
  readonly world: World;
  readonly operator: AckOperator;
  readonly life: Life;
  readonly kind: Kind;
  readonly name: string;
  readonly spec: JsonObject;
}

const samples = readSamples();

export function sampleOf(name: string): Sample {
  const [service, kind] = name.split('/');
  const found = samples.find((each) => each.apiVersion.startsWith(`${service}.`) && each.kind === kind);
  if (!found) throw new Error(`no sample of ${name}`);
  return found;
}

/** Applies the samples of these kinds, unless they are there already, and waits for them. */
export async function provide(world: World, kinds: readonly string[]): Promise<void> {
  for (const each of kinds) {
    const { metadata, spec } = sampleOf(each);
    const kind = world.kind(each);
    if (!(await world.find(kind, metadata.name))) await world.apply(kind, metadata.name, { spec });
    await synced(world, kind, metadata.name);
  }
}

export function synced(world: World, kind: Kind, name: string): Promise<void> {
  return eventually(async () => {
    const { status } = (await world.condition(kind, name, 'ACK.ResourceSynced')) ?? {};
    return status === 'True' ? 'synced' : JSON.stringify((await world.find(kind, name))?.['status']);
  }).toBe('synced');
}

export async function live(world: World, operator: AckOperator, life: Life): Promise<void> {
  const kind = world.kind(life.kind);
  await provide(world, life.needs ?? []);
  const own = typeof life.spec === 'function' ? await life.spec(world) : life.spec;
  const name = `life-${kind.kind.toLowerCase()}`;
  const spec = { ...sampleOf(life.kind).spec, ...own };
  const subject: Subject = { world, operator, life, kind, name, spec };
  for (const phase of [begin, change, holdFixed, collide, retain, adopt, end, begin, end]) {
    try {
      await phase(subject);
    } catch (error) {
      const found = await world.find(kind, name);
      const object = JSON.stringify({ spec: found?.['spec'], status: found?.['status'] }, null, 1);
      throw new Error(`it did not ${phase.name}: ${object}`, { cause: error });
    }
  }
}

async function begin(subject: Subject): Promise<void> {
  const { world, kind, name, spec, life } = subject;
  await world.apply(kind, name, { spec, annotations: { 'deletion-policy': 'delete' } });
  await isInForce(subject, life.made);
}

/** AWS has it, the resource says so, and looking again changes nothing. */
async function isInForce(subject: Subject, expected: object): Promise<void> {
  const { world, kind, name } = subject;
  await eventually(() => seen(subject)).toMatchObject(expected);
  await synced(world, kind, name);
  const mark = world.lastCall();
  await lookAgain(subject);
  expect(world.writesSince(mark)).toEqual([]);
}

let looks = 0;

async function lookAgain({ world, operator, kind, name }: Subject): Promise<void> {
  const runs = () =>
    [...operator.metrics().matchAll(/pergola_ack_reconciles_total\{kind="(\w+)".*\} (\d+)/g)]
      .filter(([, of]) => of === kind.kind)
      .reduce((sum, [, , count]) => sum + Number(count), 0);
  const before = runs();
  await world.annotate(kind, name, { 'sync-requested-at': String(++looks) });
  await eventually(runs).toBeGreaterThan(before);
  await synced(world, kind, name);
}

/** What AWS's SDK tells, or nothing. */
async function seen({ world, life }: Pick<Subject, 'world' | 'life'>): Promise<unknown> {
  try {
    return await life.read(world.sdk);
  } catch (error) {
    if (/NotFound|NoSuch/.test((error as Error).name)) return undefined;
    throw error;
  }
}

/** First only shown, while the resource is read-only; then made. */
async function change(subject: Subject): Promise<void> {
  const { world, kind, name, life } = subject;
  if (life.changes === undefined) return;
  const mark = world.lastCall();
  await world.annotate(kind, name, { 'read-only': 'true' });
  await world.patch(kind, name, life.changes);
  await eventually(() => world.condition(kind, name, 'Pergola.Drifted')).toMatchObject({
    status: 'True',
    reason: 'ReadOnly',
  });
  expect(world.writesSince(mark)).toEqual([]);
  expect(await seen(subject)).toMatchObject(life.made);
  await world.annotate(kind, name, { 'read-only': null });
  await isInForce(subject, life.changed ?? {});
}

const stateOf = ({ life }: Subject) => life.changed ?? life.made;

async function holdFixed(subject: Subject): Promise<void> {
  const { world, kind, name, life } = subject;
  const specNow: JsonObject = (await world.find(kind, name))?.['spec'] ?? {};
  // Under another name it would be another resource.
  const renamed = { [kind.nameField]: `${String(specNow[kind.nameField])}-2`, ...life.fixed };
  for (const [field, value] of Object.entries(renamed)) {
    await expect(world.patch(kind, name, { [field]: value })).rejects.toThrow('Value is immutable once set');
  }
  const mark = world.lastCall();
  for (const [field, value] of Object.entries(life.replaced ?? {})) {
    await world.patch(kind, name, { [field]: value });
    await eventually(async () => (await world.condition(kind, name, 'ACK.Terminal'))?.message ?? '').toMatch(
      new RegExp(`^AWS cannot change this in place \\(${field}: `),
    );
    await world.patch(kind, name, { [field]: specNow[field] ?? null });
    await eventually(() => world.condition(kind, name, 'ACK.Terminal')).toBeUndefined();
    await synced(world, kind, name);
  }
  expect(world.writesSince(mark)).toEqual([]);
  expect(await seen(subject)).toMatchObject(stateOf(subject));
}

async function collide(subject: Subject): Promise<void> {
  const { world, kind, name, spec } = subject;
  const mark = world.lastCall();
  const other = `${name}-other`;
  await world.apply(kind, other, { spec, annotations: { 'deletion-policy': 'delete' } });
  await eventually(() => world.condition(kind, other, 'ACK.Terminal')).toMatchObject({
    status: 'True',
    message: 'Resource already exists',
  });
  await remove(world, kind, other);
  expect(world.writesSince(mark)).toEqual([]);
}

async function retain(subject: Subject): Promise<void> {
  const { world, kind, name } = subject;
  // What holds data is kept though nobody says so.
  await world.annotate(kind, name, { 'deletion-policy': kind.isStateful ? null : 'retain' });
  const mark = world.lastCall();
  await remove(world, kind, name);
  expect(world.writesSince(mark)).toEqual([]);
  expect(await seen(subject)).toMatchObject(stateOf(subject));
}

/** The resource that is applied says what the sample says; what AWS has is what counts. */
async function adopt(subject: Subject): Promise<void> {
  const { world, kind, name, spec, life } = subject;
  const fields = life.adoption ?? { [kind.nameField]: String(spec[kind.nameField]) };
  const annotations = {
    'adoption-policy': 'adopt',
    'adoption-fields': JSON.stringify(fields),
    'deletion-policy': 'delete',
  };
  await world.apply(kind, name, { spec, annotations });
  await eventually(async () => (await world.find(kind, name))?.['status']?.conditions).toContainEqual(
    expect.objectContaining({ type: 'ACK.Adopted', status: 'True' }),
  );
  await isInForce(subject, stateOf(subject));
}

/** What is protected goes only when the protection has been taken away by its own field. */
async function end(subject: Subject): Promise<void> {
  const { world, kind, name, life } = subject;
  if (life.protection !== undefined) {
    await world.patch(kind, name, { [life.protection]: false });
    await synced(world, kind, name);
  }
  await remove(world, kind, name);
  await eventually(() => seen(subject)).toBeUndefined();
}

async function remove(world: World, kind: Kind, name: string): Promise<void> {
  await world.client.delete(typeOf(kind), { namespace, name });
  await eventually(() => world.find(kind, name)).toBeUndefined();
}
