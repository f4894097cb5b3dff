// The operations on snapshots, made once for those of instances and once for those of clusters: they differ in names only.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
import type { Filter, Tag } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed } from '../access.ts';
import { arnOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { clusters, clusterSnapshots, instances, type Kind, named, snapshots } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { pageOf, type PageRequest } from '../paging.ts';
import type { StoredSnapshot } from '../records.ts';
import { type Database, type DatabaseAt, isCluster, ownerOf, patchDatabase } from '../runtime/databases.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { keyArn } from '../secrets/encryption.ts';
import { deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { clusterSnapshotShape, snapshotShape } from './snapshot-shape.ts';
import { assertRoom, drawDataId, finishSnapshot, putSnapshot, tellOfSnapshot } from './snapshot-work.ts';

/** How one of the two kinds names its operations and members. */
export interface SnapshotWords {
  readonly as: 'instance' | 'cluster';
  readonly kind: Kind<StoredSnapshot>;
  readonly word: 'DB' | 'DBCluster';
  readonly shape: (home: Home, snapshot: StoredSnapshot) => object;
}

/** Members are read by names made of the word. */
interface SnapshotInput extends PageRequest {
  readonly [member: string]: unknown;
  readonly Tags?: Tag[];
  readonly Filters?: Filter[];
  readonly SnapshotType?: string;
  readonly CopyTags?: boolean;
  readonly KmsKeyId?: string;
  readonly SourceRegion?: string;
}

function text(input: SnapshotInput, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const idMember = ({ word }: SnapshotWords) => `${word}SnapshotIdentifier`;

function sourceOf(call: Call, words: SnapshotWords, input: SnapshotInput): Database {
  const { store } = call.plane;
  return words.as === 'cluster'
    ? named(store, clusters, homeOf(call), text(input, 'DBClusterIdentifier'))
    : named(store, instances, homeOf(call), text(input, 'DBInstanceIdentifier'));
}

function answer(call: Call, words: SnapshotWords, snapshot: StoredSnapshot): object {
  return { [`${words.word}Snapshot`]: words.shape(homeOf(call), snapshot) };
}

function create(words: SnapshotWords): AnyOperation {
  const name = `Create${words.word}Snapshot`;
  return defineOperation<SnapshotInput, object>({
    name,
    access: {
      iam: (input, call) =>
        creationChecks(call, name, words.kind, {
          name: text(input, idMember(words)) ?? '',
          tags: input.Tags,
          uses: [
            words.as === 'cluster'
              ? [clusters, text(input, 'DBClusterIdentifier')]
              : [instances, text(input, 'DBInstanceIdentifier')],
          ],
        }),
    },
    handle: (call, input) => takeSnapshot(call, words, input),
  });
}

async function takeSnapshot(call: Call, words: SnapshotWords, input: SnapshotInput): Promise<object> {
  const { plane } = call;
  const desk = deskOf(plane);
  const home = homeOf(call);
  const name = identifierOf(text(input, idMember(words)), idMember(words), 255);
  const tags = input.Tags && tagsOf(input.Tags);
  const dataId = drawDataId(desk);
  const known = sourceOf(call, words, input);
  const at: DatabaseAt = { as: words.as, home, resourceId: known.resourceId };
  const { value } = await plane.store.transact((tx) => {
    const source = sourceOf(call, words, input);
    assertCopyable(source, words);
    assertRoom(tx, words.kind, home, name);
    const snapshot = putSnapshot(tx, at, source, { type: 'manual', name, tags, dataId, atMs: call.nowMs });
    if (source.status === 'available' && !isCluster(source))
      writeRecord(tx, instances.table, home, { ...source, status: 'backing-up' });
    return { snapshot, before: source.status };
  });
  const owner = ownerOf(plane.store, home, known) ?? at;
  void desk.queue(owner.resourceId, async () => {
    await finishSnapshot(desk, at, value.snapshot);
    if (value.before === 'available' && words.as === 'instance')
      await patchDatabase(plane, at, { status: 'available' });
  });
  return answer(call, words, value.snapshot);
}

function assertCopyable(source: Database, { word, as }: SnapshotWords): void {
  if (!isCluster(source) && source.clusterName !== undefined)
    throw faults.instanceState(
      `The specified instance is a member of a cluster and a snapshot cannot be created directly. Please use the CreateDBClusterSnapshot API instead.`,
    );
  if (source.status === 'available' || source.status === 'stopped') return;
  const sentence = `Cannot create a snapshot because the ${word === 'DB' ? 'database instance' : 'database cluster'} ${source.name} is not currently in the available state.`;
  throw as === 'cluster' ? faults.clusterState(sentence) : faults.instanceState(sentence);
}

const filtersOf = (home: Home, words: SnapshotWords): FilterTable<StoredSnapshot> => {
  const source = (snapshot: StoredSnapshot) => [
    snapshot.sourceName,
    arnOf(home, words.as === 'cluster' ? 'cluster' : 'db', snapshot.sourceName),
  ];
  const own = ({ name }: StoredSnapshot) => [name, arnOf(home, words.kind.arnType, name)];
  return {
    ...(words.as === 'cluster'
      ? { 'db-cluster-id': source, 'db-cluster-snapshot-id': own }
      : { 'db-instance-id': source, 'db-snapshot-id': own }),
    'dbi-resource-id': ({ sourceResourceId }) => [sourceResourceId],
    'snapshot-type': ({ type }) => [type],
    engine: ({ engine }) => [engine],
  };
};

/** `shared` and `public` ones are those of other accounts: there are none here. */
function ofType(all: readonly StoredSnapshot[], type: string | undefined): readonly StoredSnapshot[] {
  if (!type) return all;
  return all.filter((snapshot) => snapshot.type === type);
}

function describe(words: SnapshotWords): AnyOperation {
  const name = `Describe${words.word}Snapshots`;
  return defineOperation<SnapshotInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => text(input, idMember(words))),
    handle(call, input) {
      const home = homeOf(call);
      const { store } = call.plane;
      const wanted = text(input, idMember(words));
      const source = text(input, words.as === 'cluster' ? 'DBClusterIdentifier' : 'DBInstanceIdentifier');
      const id = text(input, 'DbiResourceId') ?? text(input, 'DbClusterResourceId');
      const all = wanted
        ? [named(store, words.kind, home, wanted)]
        : listRecords(store, words.kind.table, home);
      const fitting = ofType(all, input.SnapshotType)
        .filter(({ sourceName }) => source === undefined || sourceName === source.toLowerCase())
        .filter(({ sourceResourceId }) => id === undefined || sourceResourceId === id);
      const page = pageOf(filtered(fitting, input.Filters, filtersOf(home, words)), (one) => one.name, input);
      return {
        [`${words.word}Snapshots`]: page.items.map((snapshot) => words.shape(home, snapshot)),
        Marker: page.Marker,
      };
    },
  });
}

function remove(words: SnapshotWords): AnyOperation {
  const name = `Delete${words.word}Snapshot`;
  return defineOperation<SnapshotInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => text(input, idMember(words))),
    async handle(call, input) {
      const home = homeOf(call);
      const { kind } = words;
      const { value: gone } = await call.plane.store.transact((tx) => {
        const snapshot = named(tx, kind, home, text(input, idMember(words)));
        if (snapshot.type === 'automated') throw stateFault(words)('Automated snapshots cannot be deleted.');
        if (snapshot.status === 'creating')
          throw stateFault(words)(
            `Cannot delete the snapshot because it is not currently in the available state.`,
          );
        deleteRecord(tx, kind.table, home, snapshot.name);
        tellOfSnapshot(tx, home, snapshot, { kind, atMs: call.nowMs, message: 'Deleted manual snapshot' });
        return snapshot;
      });
      await deskOf(call.plane).plane.engines?.removeSnapshot(gone.dataId);
      return answer(call, words, { ...gone, status: 'deleting' });
    },
  });
}

function stateFault({ as }: SnapshotWords): (message: string) => Error {
  return as === 'cluster' ? faults.clusterSnapshotState : faults.snapshotState;
}

function copy(words: SnapshotWords): AnyOperation {
  const name = `Copy${words.word}Snapshot`;
  const source = `Source${words.word}SnapshotIdentifier`;
  const target = `Target${words.word}SnapshotIdentifier`;
  return defineOperation<SnapshotInput, object>({
    name,
    access: {
      iam: (input, call) => [
        checkOn(call, name, words.kind, { name: text(input, source) ?? '' }),
        ...creationChecks(call, name, words.kind, { name: text(input, target) ?? '', tags: input.Tags }),
      ],
    },
    async handle(call, input) {
      const home = homeOf(call);
      const desk = deskOf(call.plane);
      const { kind } = words;
      const copyName = identifierOf(text(input, target), target, 255);
      const from = named(call.plane.store, kind, home, text(input, source));
      if (from.status !== 'available')
        throw stateFault(words)(
          `Cannot copy the snapshot ${from.name} because it is not in the available state.`,
        );
      const kmsKeyId = input.KmsKeyId === undefined ? from.kmsKeyId : await keyArn(call, input.KmsKeyId);
      const made: StoredSnapshot = {
        ...from,
        name: copyName,
        dataId: drawDataId(desk),
        createdAt: new Date(call.nowMs).toISOString(),
        status: 'creating',
        type: 'manual',
        tags: input.CopyTags ? { ...from.tags, ...tagsOf(input.Tags) } : tagsOf(input.Tags),
        encrypted: kmsKeyId !== undefined,
        kmsKeyId,
        copyOf: arnOf(home, kind.arnType, from.name),
        sharedWith: [],
      };
      await call.plane.store.transact((tx) => {
        assertRoom(tx, kind, home, copyName);
        writeRecord(tx, kind.table, home, made);
      });
      void desk.queue(made.dataId, () => finishCopy(call, words, from, made));
      return answer(call, words, made);
    },
  });
}

async function finishCopy(
  call: Call,
  { kind }: SnapshotWords,
  from: StoredSnapshot,
  made: StoredSnapshot,
): Promise<void> {
  const home = homeOf(call);
  const desk = deskOf(call.plane);
  let status: StoredSnapshot['status'] = 'available';
  try {
    await desk.host.copySnapshot(from.dataId, made.dataId);
  } catch (error) {
    if (desk.closed) return;
    call.plane.logger.error({ error, snapshot: made.name }, 'a snapshot could not be copied');
    status = 'failed';
  }
  await call.plane.store.transact((tx) => {
    const now = readRecord(tx, kind.table, home, made.name);
    if (now) writeRecord(tx, kind.table, home, { ...now, status });
  });
}

const words: readonly SnapshotWords[] = [
  { as: 'instance', kind: snapshots, word: 'DB', shape: snapshotShape },
  { as: 'cluster', kind: clusterSnapshots, word: 'DBCluster', shape: clusterSnapshotShape },
];

export const snapshotOperations: readonly AnyOperation[] = [create, describe, remove, copy].flatMap((make) =>
  words.map(make),
);
