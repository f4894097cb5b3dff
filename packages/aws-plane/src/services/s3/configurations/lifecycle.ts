// The lifecycle configuration of a bucket; see ../lifecycle for what is done about it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
import type {
  LifecycleRule,
  PutBucketLifecycleConfigurationRequest,
  TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import type { Call } from '../../../call.ts';
import { AwsFault } from '../../../fault.ts';
import { faults } from '../faults.ts';
import { singleConfiguration } from './single-configuration.ts';

interface Lifecycle {
  readonly Rules: LifecycleRule[];
  readonly TransitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize;
}

const MOST_RULES = 1_000;
const USUAL_SIZE = 'all_storage_classes_128K';
const DAY_MS = 86_400_000;

export const lifecycleOperations = singleConfiguration<PutBucketLifecycleConfigurationRequest, Lifecycle>({
  kind: 'lifecycle',
  put: {
    operation: 'PutBucketLifecycleConfiguration',
    action: 's3:PutLifecycleConfiguration',
    value(call, { LifecycleConfiguration, TransitionDefaultMinimumObjectSize = USUAL_SIZE }) {
      const rules = LifecycleConfiguration?.Rules ?? [];
      if (rules.length === 0 || rules.length > MOST_RULES) throw faults.malformedXml();
      const ids = rules.flatMap(({ ID }) => (ID ? [ID] : []));
      if (new Set(ids).size < ids.length)
        throw faults.invalidRequest('Rule ID must be unique. Found same ID for more than one rule');
      return { Rules: rules.map((rule) => checkedRule(call, rule)), TransitionDefaultMinimumObjectSize };
    },
    answer: ({ TransitionDefaultMinimumObjectSize = USUAL_SIZE }) => ({ TransitionDefaultMinimumObjectSize }),
  },
  get: {
    operation: 'GetBucketLifecycleConfiguration',
    action: 's3:GetLifecycleConfiguration',
    answer: (value) => value,
    absent: (BucketName) =>
      new AwsFault('NoSuchLifecycleConfiguration', 404, 'The lifecycle configuration does not exist', {
        BucketName,
      }),
  },
  remove: { operation: 'DeleteBucketLifecycle', action: 's3:PutLifecycleConfiguration' },
});

/** The rule, with an id of its own when it has none. */
function checkedRule({ plane }: Call, rule: LifecycleRule): LifecycleRule {
  const { ID, Status, Expiration, Transitions = [] } = rule;
  if (Status !== 'Enabled' && Status !== 'Disabled') throw faults.malformedXml();
  if (ID !== undefined && ID.length > 255)
    throw faults.invalidArgument('ID length should not exceed allowed limit of 255', 'ID', ID);
  if (rule.Prefix !== undefined && rule.Filter !== undefined) throw faults.malformedXml();
  if (!hasAction(rule)) throw faults.invalidRequest('At least one action needs to be specified in a rule');
  if (Expiration) assertTime('Expiration', Expiration);
  for (const transition of Transitions) assertTime('Transition', transition);
  return { ...rule, ID: ID || plane.random.uuid() };
}

function hasAction(rule: LifecycleRule): boolean {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  const { Transitions = [], NoncurrentVersionTransitions = [] } = rule;
  return (
    Transitions.length + NoncurrentVersionTransitions.length > 0 ||
    (Expiration ?? NoncurrentVersionExpiration ?? AbortIncompleteMultipartUpload) !== undefined
  );
}

function assertTime(
  action: string,
  { Days, Date: date }: { readonly Days?: number | undefined; readonly Date?: Date | undefined },
): void {
  if (Days !== undefined && date !== undefined) throw faults.malformedXml();
  const least = action === 'Expiration' ? 1 : 0;
  if (Days !== undefined && (!Number.isInteger(Days) || Days < least))
    throw faults.invalidArgument(
      `'Days' for ${action} action must be a ${least > 0 ? 'positive' : 'nonnegative'} integer`,
      'Days',
      String(Days),
    );
  if (date !== undefined && date.getTime() % DAY_MS !== 0)
    throw faults.invalidArgument("'Date' must be at midnight GMT", 'Date', date.toISOString());
}
