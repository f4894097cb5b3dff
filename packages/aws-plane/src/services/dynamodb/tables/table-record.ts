// What is kept of a table, as JSON. Instants are milliseconds since the epoch.
import type { TableName } from '../arn.ts';

export interface AttributeRecord {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface KeyRecord {
  readonly partition: string;
  readonly sort?: string | undefined;
}

/** Units as they are provisioned, and when they changed. */
export interface ThroughputRecord {
  readonly read: number;
  readonly write: number;
  readonly increasedMs?: number | undefined;
  readonly decreasedMs?: number | undefined;
  /** Decreases of the day of `decreasedMs`, in UTC. */
  readonly decreases?: number | undefined;
}

export interface OnDemandRecord {
  readonly read?: number | undefined;
  readonly write?: number | undefined;
}

export interface IndexRecord extends KeyRecord {
  readonly name: string;
  /** Names its entries in the storage: 8 hexadecimal digits, unique within the table. */
  readonly key: string;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly nonKeys?: readonly string[] | undefined;
  /** Of global indexes. */
  readonly throughput?: ThroughputRecord | undefined;
  readonly onDemand?: OnDemandRecord | undefined;
  readonly warm?: OnDemandRecord | undefined;
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING';
}

export interface StreamSetting {
  /** The instant that names the stream, e.g. `2026-11-27T20:00:00.000`. */
  readonly label: string;
  readonly key: string;
  readonly view: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
  readonly enabled: boolean;
}

export interface ExpirySetting {
  readonly attribute: string;
  /** Names the entries that tell what expires when. */
  readonly key: string;
  /** Entries are still being made for the items that were there before. */
  readonly filling?: boolean | undefined;
}

export interface TableRecord extends TableName {
  /** Names the table's items in the storage: 16 hexadecimal digits, never used again. */
  readonly key: string;
  readonly tableId: string;
  readonly createdMs: number;
  readonly attributes: readonly AttributeRecord[];
  readonly keys: KeyRecord;
  readonly localIndexes: readonly IndexRecord[];
  readonly globalIndexes: readonly IndexRecord[];
  readonly billing: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** When the table last became one that pays per request. */
  readonly perRequestMs?: number | undefined;
  readonly throughput: ThroughputRecord;
  readonly onDemand?: OnDemandRecord | undefined;
  readonly warm?: OnDemandRecord | undefined;
  readonly stream?: StreamSetting | undefined;
  /** ARN of a KMS key; absent: the key that AWS owns. */
  readonly kmsKeyArn?: string | undefined;
  readonly tableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS' | undefined;
  readonly classChangedMs?: number | undefined;
  readonly deletionProtected: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly expiry?: ExpirySetting | undefined;
  /** Continuous backups: since when the table can be restored, and for how many days. */
  readonly recovery?: { readonly sinceMs: number; readonly days: number } | undefined;
  readonly policy?: { readonly document: string; readonly revision: string } | undefined;
  readonly streamPolicy?: { readonly document: string; readonly revision: string } | undefined;
  /** Names of what is watched by contributor insights: '' is the table, others are its indexes. */
  readonly insights?: Readonly<Record<string, InsightsRecord>> | undefined;
  readonly restored?: RestoreRecord | undefined;
  /** Its items are still being copied: nobody reads or writes it yet. */
  readonly restoring?: boolean | undefined;
}

export interface InsightsRecord {
  readonly enabled: boolean;
  readonly mode: string;
  readonly changedMs: number;
}

export interface RestoreRecord {
  readonly backupArn?: string | undefined;
  readonly tableArn: string;
  readonly atMs: number;
}
