// The kinds of IAM.
import type { KindDescription } from '../../kind/description.ts';
import { group } from './group.ts';
import { instanceProfile } from './instance-profile.ts';
import { openIdConnectProvider } from './open-id-connect-provider.ts';
import { policy } from './policy.ts';
import { role } from './role.ts';
import { serviceLinkedRole } from './service-linked-role.ts';
import { user } from './user.ts';

export const iamKinds: readonly KindDescription[] = [
  group,
  instanceProfile,
  openIdConnectProvider,
  policy,
  role,
  serviceLinkedRole,
  user,
];
