// What the authorize stage is asked: one action on one resource, with what else policies may look at.
import type { NamedPolicy } from '@pergola/policy';
import type { AwsFault } from './fault.ts';

/** One thing that policies must allow before an operation runs. Some operations have several. */
export interface AccessCheck {
  /** IAM action, e.g. `s3:PutObject`. Not always the operation's name: ListObjectsV2 needs `s3:ListBucket`. */
  readonly action: string;
  /** ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** Service condition keys, e.g. `{'s3:prefix': 'logs/'}`. Global keys are added by the authorize stage. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The resource's own policy, when it has one, and how it takes part. */
  readonly resourcePolicy?: NamedPolicy | undefined;
  readonly resourceMode?: 'optional' | 'required';
  /** Owner of the resource when it may differ from the caller's account. */
  readonly resourceAccount?: string;
  /** Replaces the usual AccessDenied where AWS words it otherwise. */
  readonly denial?: (sentence: string) => AwsFault;
}
