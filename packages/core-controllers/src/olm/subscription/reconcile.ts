// What is done for a Subscription, in order.
import type { Step } from '@pergola/controller-kit';
import { plan } from './reconcile-plan.ts';
import { resolution } from './reconcile-resolution.ts';
import { status } from './reconcile-status.ts';
import type { SubscriptionRun } from './subscription-run.ts';

export const subscriptionSteps: readonly Step<SubscriptionRun>[] = [resolution, plan, status];
