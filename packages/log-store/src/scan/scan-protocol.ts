// What the main thread and a scan worker say to each other. Plain data only.
import type { QueryContext } from '@pergola/log-language';
import type { ReadableBlock } from '../files/block-file.ts';
import type { Mask } from '../groups/mask.ts';
import type { PackedPartial, PackedRows } from '../packed.ts';

/** Whose blocks these are. */
export interface ScanGroup {
  readonly account: string;
  readonly name: string;
  readonly mask: Mask;
}

/** Blocks to scan in one go. `group` is an index into `groups`. */
export interface ScanTask {
  readonly groups: readonly ScanGroup[];
  readonly blocks: readonly { readonly group: number; readonly block: ReadableBlock }[];
}

export interface ScanQuery {
  /** Unique within the store. */
  readonly id: number;
  readonly text: string;
  readonly context: QueryContext;
}

export type ScanRequest =
  | { readonly do: 'scan'; readonly query: ScanQuery; readonly task: ScanTask; readonly withPartial: boolean }
  | { readonly do: 'finish'; readonly query: ScanQuery }
  | { readonly do: 'merge'; readonly query: ScanQuery; readonly partials: readonly PackedPartial[] }
  | { readonly do: 'forget'; readonly query: ScanQuery };

export interface ScanCounts {
  readonly recordsScanned: number;
  readonly bytesScanned: number;
  /** Frames that are not what was written. */
  readonly damaged: number;
}

export interface ScanReply {
  /** Of this request alone. */
  readonly counts: ScanCounts;
  /** True when nothing further can change the result. */
  readonly enough: boolean;
  readonly partial?: PackedPartial | undefined;
  /** Of a merge. */
  readonly result?: PackedRows | undefined;
}

/** Requests are numbered, so that replies find their askers. */
export interface NumberedRequest {
  readonly number: number;
  readonly request: ScanRequest;
}

export type NumberedReply =
  | { readonly number: number; readonly reply: ScanReply }
  | { readonly number: number; readonly failure: { readonly message: string } };

export const noCounts: ScanCounts = { recordsScanned: 0, bytesScanned: 0, damaged: 0 };

export function addCounts(left: ScanCounts, right: ScanCounts): ScanCounts {
  return {
    recordsScanned: left.recordsScanned + right.recordsScanned,
    bytesScanned: left.bytesScanned + right.bytesScanned,
    damaged: left.damaged + right.damaged,
  };
}
