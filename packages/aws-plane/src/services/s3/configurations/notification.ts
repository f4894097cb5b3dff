// Notifications of a bucket: EventBridge can be switched on; queues, topics and functions do not exist here.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
import type {
  NotificationConfiguration,
  PutBucketNotificationConfigurationRequest,
} from '@aws-sdk/client-s3';
import { faults } from '../faults.ts';
import { singleConfiguration } from './single-configuration.ts';

const LISTS = ['TopicConfigurations', 'QueueConfigurations', 'LambdaFunctionConfigurations'] as const;

export const notificationOperations = singleConfiguration<
  PutBucketNotificationConfigurationRequest,
  NotificationConfiguration
>({
  kind: 'notification',
  put: {
    operation: 'PutBucketNotificationConfiguration',
    action: 's3:PutBucketNotification',
    value({ plane }, { NotificationConfiguration: value = {}, SkipDestinationValidation }) {
      if (SkipDestinationValidation !== true) assertNoDestination(value);
      const lists = LISTS.flatMap((name) => {
        const named = (value[name] ?? []).map((one) => ({ ...one, Id: one.Id ?? plane.random.uuid() }));
        return named.length > 0 ? [[name, named] as const] : [];
      });
      const { EventBridgeConfiguration } = value;
      if (lists.length === 0 && !EventBridgeConfiguration) return undefined;
      return { ...Object.fromEntries(lists), ...(EventBridgeConfiguration && { EventBridgeConfiguration }) };
    },
  },
  get: {
    operation: 'GetBucketNotificationConfiguration',
    action: 's3:GetBucketNotification',
    answer: (value) => value,
    absent: {},
  },
});

/** S3 sends each destination a test message; none of them could take one. */
function assertNoDestination(value: NotificationConfiguration): void {
  const arn =
    value.TopicConfigurations?.[0]?.TopicArn ??
    value.QueueConfigurations?.[0]?.QueueArn ??
    value.LambdaFunctionConfigurations?.[0]?.LambdaFunctionArn;
  if (arn === undefined) return;
  throw faults.invalidArgument(
    'Unable to validate the following destination configurations',
    arn,
    'The destination does not exist',
  );
}
