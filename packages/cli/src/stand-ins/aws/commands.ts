// What the small `aws` can do, by its two words.
import { list, makeBucket, removeBucket, removeObject } from './buckets.ts';
import { callerIdentity } from './caller-identity.ts';
import type { CommandLine } from './command-line.ts';
import { copy } from './copy.ts';
import type { Session } from './session.ts';

type Run = (session: Session, words: readonly string[], line: CommandLine) => Promise<number>;

export const commands: Readonly<Record<string, Run>> = {
  's3 cp': copy,
  's3 ls': list,
  's3 mb': makeBucket,
  's3 rb': removeBucket,
  's3 rm': removeObject,
  'sts get-caller-identity': callerIdentity,
};
