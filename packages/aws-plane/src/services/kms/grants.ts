// ListGrants and ListRetirableGrants: grants cannot be made here, so that the lists are truly empty.
import type { ListGrantsRequest, ListGrantsResponse, ListRetirableGrantsRequest } from '@aws-sdk/client-kms';
import { defineOperation, iam } from '../../operation.ts';
import { onKey } from './access.ts';
import { keyById } from './change-key.ts';

export const listGrants = defineOperation<ListGrantsRequest, ListGrantsResponse>({
  name: 'ListGrants',
  access: onKey('ListGrants'),
  handle(call, { KeyId = '' }) {
    keyById(call, KeyId);
    return { Grants: [], Truncated: false };
  },
});

export const listRetirableGrants = defineOperation<ListRetirableGrantsRequest, ListGrantsResponse>({
  name: 'ListRetirableGrants',
  access: iam('kms:ListRetirableGrants'),
  handle: () => ({ Grants: [], Truncated: false }),
});
