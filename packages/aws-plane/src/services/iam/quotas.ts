// AWS's default quotas. They cannot be raised here.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

export const quotas = {
  Users: 5_000,
  Groups: 300,
  Roles: 1_000,
  Policies: 1_500,
  Providers: 100,
  InstanceProfiles: 1_000,
  AccessKeysPerUser: 2,
  GroupsPerUser: 10,
  /** Managed policies attached to one user, role or group. */
  AttachedPolicies: 10,
  VersionsPerPolicy: 5,
  TagsPerResource: 50,
  ClientIdsPerProvider: 100,
  ThumbprintsPerProvider: 5,
  /** Characters that are not white space. */
  TrustPolicySize: 2_048,
  PolicySize: 6_144,
  /** All inline policies of one identity together, in characters that are not white space. */
  InlinePolicySize: { user: 2_048, group: 5_120, role: 10_240 },
} as const;
