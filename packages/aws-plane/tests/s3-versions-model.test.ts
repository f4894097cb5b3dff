// Versions against a plain model of them: random puts, deletes, deletes by id, and changes of the bucket's state.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Plane, startS3 } from './s3-plane.ts';

let s3: S3Plane;
let client: S3Client;
beforeAll(async () => {
  s3 = await startS3();
  client = s3.client('administrator');
});
afterAll(() => s3[Symbol.asyncDispose]());

interface Version {
  readonly id: string;
  /** Absent: a delete marker. */
  readonly body?: string;
}

/** Versions by key, newest first. */
class Model {
  state: 'Enabled' | 'Suspended' | undefined;
  readonly #versions = new Map<string, Version[]>();

  of(key: string): Version[] {
    return this.#versions.get(key) ?? [];
  }

  keys(): string[] {
    const keys = [...this.#versions].filter(([, versions]) => versions.length > 0).map(([key]) => key);
    return keys.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  }

  add(key: string, version: Version): void {
    const others = this.of(key).filter(({ id }) => version.id !== 'null' || id !== 'null');
    this.#versions.set(key, [version, ...others]);
  }

  remove(key: string, id: string): void {
    this.#versions.set(
      key,
      this.of(key).filter((version) => version.id !== id),
    );
  }
}

const keys = ['a', 'ab', 'a!', 'a/b', 'é', '\u{1f389}'];
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), key: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), key: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('destroy' as const), key: fc.nat(5), nth: fc.nat(4) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('enable' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

let serial = 0;
async function take(model: Model, Bucket: string, one: Step): Promise<void> {
  if (one.do === 'enable' || one.do === 'suspend') {
    model.state = one.do === 'enable' ? 'Enabled' : 'Suspended';
    const VersioningConfiguration = { Status: model.state };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    return;
  }
  const Key = keys[one.key] ?? '';
  if (one.do === 'put') {
    const Body = `body ${++serial}`;
    const { VersionId: id = 'null' } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    expect(id === 'null').toBe(model.state !== 'Enabled');
    return model.add(Key, { id, body: Body });
  }
  if (one.do === 'delete') {
    const { VersionId: id = '' } = await client.send(new DeleteObjectCommand({ Bucket, Key }));
    return model.state ? model.add(Key, { id }) : model.remove(Key, 'null');
  }
  const victim = model.of(Key)[one.nth];
  if (!victim) return;
  const gone = await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: victim.id }));
  expect(gone.DeleteMarker ?? false).toBe(victim.body === undefined);
  model.remove(Key, victim.id);
}

async function read(Bucket: string, Key: string, VersionId?: string): Promise<string | number | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return await Body?.transformToString();
  } catch (error) {
    return (error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode;
  }
}

/** Every version, by key and newest first, as `[key, id, isLatest, isMarker]`. */
async function listed(Bucket: string, MaxKeys: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  let markers: object | undefined = {};
  while (markers) {
    const page: ListObjectVersionsOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys, ...markers }),
    );
    const all = [
      ...(page.Versions ?? []).map((one) => ({ ...one, marker: false })),
      ...(page.DeleteMarkers ?? []).map((one) => ({ ...one, marker: true })),
    ];
    // One entry per page keeps versions and markers in the order of both together.
    for (const { Key, VersionId, IsLatest, marker } of all) seen.push([Key, VersionId, IsLatest, marker]);
    markers = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
  return seen;
}

async function compare(model: Model, Bucket: string): Promise<void> {
  const wanted = model
    .keys()
    .flatMap((key) => model.of(key).map(({ id, body }, index) => [key, id, index === 0, body === undefined]));
  expect(await listed(Bucket, 1)).toEqual(wanted);
  expect((await listed(Bucket, 3)).length).toBe(wanted.length);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(
    model.keys().filter((key) => model.of(key)[0]?.body !== undefined),
  );
  for (const key of keys) {
    const [current] = model.of(key);
    expect(await read(Bucket, key)).toBe(current?.body ?? 404);
    for (const { id, body } of model.of(key)) expect(await read(Bucket, key, id)).toBe(body ?? 405);
  }
}

async function empty(model: Model, Bucket: string): Promise<void> {
  const Objects = model.keys().flatMap((Key) => model.of(Key).map(({ id }) => ({ Key, VersionId: id })));
  if (Objects.length > 0) {
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Errors).toBeUndefined();
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
  expect(s3.plane.store.list('aws/s3/version/')).toEqual([]);
  expect(s3.plane.store.list('aws/s3/null/')).toEqual([]);
}

it('holds whatever is done to the versions of a bucket', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const model = new Model();
      const Bucket = `model-${++serial}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      for (const one of steps) await take(model, Bucket, one);
      await compare(model, Bucket);
      await empty(model, Bucket);
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);
