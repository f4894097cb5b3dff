// Who else may restore a snapshot: the attribute `restore`.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { homeOf, onNamed } from '../access.ts';
import { faults } from '../faults.ts';
import { clusterSnapshots, type Kind, named, snapshots } from '../kinds.ts';
import type { StoredSnapshot } from '../records.ts';
import { writeRecord } from '../state.ts';

interface AttributeInput {
  readonly DBSnapshotIdentifier?: string;
  readonly DBClusterSnapshotIdentifier?: string;
  readonly AttributeName?: string;
  readonly ValuesToAdd?: string[];
  readonly ValuesToRemove?: string[];
}

type Word = 'DB' | 'DBCluster';

const RESTORE = 'restore';

function shape(word: Word, { name, sharedWith }: StoredSnapshot): object {
  return {
    [`${word}SnapshotAttributesResult`]: {
      [`${word}SnapshotIdentifier`]: name,
      [`${word}SnapshotAttributes`]: [{ AttributeName: RESTORE, AttributeValues: [...sharedWith] }],
    },
  };
}

const nameOf = (word: Word) => (input: AttributeInput) => input[`${word}SnapshotIdentifier`];

function describe(word: Word, kind: Kind<StoredSnapshot>): AnyOperation {
  const name = `Describe${word}SnapshotAttributes`;
  return defineOperation<AttributeInput, object>({
    name,
    access: onNamed(name, kind, nameOf(word)),
    handle: (call, input) => shape(word, named(call.plane.store, kind, homeOf(call), nameOf(word)(input))),
  });
}

function modify(word: Word, kind: Kind<StoredSnapshot>): AnyOperation {
  const name = `Modify${word}SnapshotAttribute`;
  return defineOperation<AttributeInput, object>({
    name,
    access: onNamed(name, kind, nameOf(word)),
    handle: (call, input) => share(call, word, kind, input),
  });
}

async function share(
  call: Call,
  word: Word,
  kind: Kind<StoredSnapshot>,
  input: AttributeInput,
): Promise<object> {
  const { AttributeName, ValuesToAdd = [], ValuesToRemove = [] } = input;
  if (AttributeName !== RESTORE)
    throw faults.invalidValue(`Invalid snapshot attribute: ${AttributeName ?? ''}`);
  const odd = ValuesToAdd.find((value) => value !== 'all' && !/^\d{12}$/.test(value));
  if (odd !== undefined) throw faults.invalidValue(`Invalid AWS account id: ${odd}`);
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) => {
    const snapshot = named(tx, kind, home, nameOf(word)(input));
    if (snapshot.type === 'automated')
      throw faults.snapshotState(
        'Automated snapshots cannot be shared; copy the snapshot and share the copy.',
      );
    if (snapshot.encrypted && ValuesToAdd.includes('all'))
      throw faults.snapshotState('Encrypted snapshots cannot be shared publicly.');
    const gone = new Set(ValuesToRemove);
    const sharedWith = [...new Set([...snapshot.sharedWith, ...ValuesToAdd])].filter((id) => !gone.has(id));
    return writeRecord(tx, kind.table, home, { ...snapshot, sharedWith });
  });
  return shape(word, value);
}

export const snapshotAttributeOperations: readonly AnyOperation[] = [
  describe('DB', snapshots),
  describe('DBCluster', clusterSnapshots),
  modify('DB', snapshots),
  modify('DBCluster', clusterSnapshots),
];
