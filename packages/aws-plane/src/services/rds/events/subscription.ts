// Event subscriptions as they are kept and shown.
import type { EventSubscription } from '@aws-sdk/client-rds';
import { arnOf } from '../arn.ts';
import type { Home, StoredResource } from '../state.ts';

export interface StoredSubscription extends StoredResource {
  readonly topicArn: string;
  readonly sourceType?: string | undefined;
  readonly sourceIds: readonly string[];
  readonly categories: readonly string[];
  readonly enabled: boolean;
  readonly createdAt: string;
}

export function subscriptionShape(home: Home, subscription: StoredSubscription): EventSubscription {
  return {
    CustomerAwsId: home.account,
    CustSubscriptionId: subscription.name,
    SnsTopicArn: subscription.topicArn,
    Status: 'active',
    SubscriptionCreationTime: subscription.createdAt,
    SourceType: subscription.sourceType,
    SourceIdsList: [...subscription.sourceIds],
    EventCategoriesList: [...subscription.categories],
    Enabled: subscription.enabled,
    EventSubscriptionArn: arnOf(home, 'es', subscription.name),
  };
}
