// s3:PutBucketAcl: the owner's own ACL may be put where ACLs count; no other can.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
import type { OwnershipControls, PutBucketAclRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, requireBucket } from './access.ts';
import { findConfiguration } from './configurations/configuration-store.ts';
import { faults } from './faults.ts';
import { canonicalIdOf } from './owner.ts';

export const putBucketAcl = defineOperation<PutBucketAclRequest, object>({
  name: 'PutBucketAcl',
  access: bucketAccess('s3:PutBucketAcl', ({ ACL }) => (ACL === undefined ? {} : { 's3:x-amz-acl': ACL })),
  handle(call, input) {
    const bucket = requireBucket(call, input.Bucket);
    const ownership = findConfiguration<OwnershipControls>(call.plane.store, bucket.name, 'ownership');
    const enforced = ownership?.Rules?.[0]?.ObjectOwnership ?? (ownership ? '' : 'BucketOwnerEnforced');
    if (enforced === 'BucketOwnerEnforced') throw faults.aclNotSupported();
    if (!isOwnersOnly(input, canonicalIdOf(bucket.account))) throw faults.notImplemented('An ACL for others');
    return {};
  },
});

/** `private`, in any of the ways to say so. */
function isOwnersOnly(input: PutBucketAclRequest, ownerId: string): boolean {
  const { ACL = 'private', AccessControlPolicy: policy } = input;
  const granted = [
    input.GrantFullControl,
    input.GrantRead,
    input.GrantReadACP,
    input.GrantWrite,
    input.GrantWriteACP,
  ];
  const isCanned = ACL === 'private' && granted.every((grant) => grant === undefined);
  if (!policy) return isCanned;
  const isOwners = ({ Grantee, Permission }: NonNullable<typeof policy.Grants>[number]) =>
    Grantee?.ID === ownerId && Permission === 'FULL_CONTROL';
  return isCanned && (policy.Grants ?? []).length === 1 && (policy.Grants ?? []).every(isOwners);
}
