// Configurations of one word: transfer acceleration, who pays, who owns objects. Kept and shown.
import type {
  AccelerateConfiguration,
  OwnershipControls,
  PutBucketAccelerateConfigurationRequest,
  PutBucketOwnershipControlsRequest,
  PutBucketRequestPaymentRequest,
  RequestPaymentConfiguration,
} from '@aws-sdk/client-s3';
import type { AnyOperation } from '../../../operation.ts';
import { faults } from '../faults.ts';
import { singleConfiguration } from './single-configuration.ts';

const accelerateOperations = singleConfiguration<
  PutBucketAccelerateConfigurationRequest,
  AccelerateConfiguration
>({
  kind: 'accelerate',
  put: {
    operation: 'PutBucketAccelerateConfiguration',
    action: 's3:PutAccelerateConfiguration',
    value(_, { Bucket = '', AccelerateConfiguration: value }) {
      const { Status } = value ?? {};
      if (Status !== 'Enabled' && Status !== 'Suspended') throw faults.malformedXml();
      if (Bucket.includes('.'))
        throw faults.invalidRequest(
          'S3 Transfer Acceleration is not supported for buckets with periods (.) in their names',
        );
      return { Status };
    },
  },
  get: {
    operation: 'GetBucketAccelerateConfiguration',
    action: 's3:GetAccelerateConfiguration',
    answer: (value) => value,
    absent: {},
  },
});

const paymentOperations = singleConfiguration<PutBucketRequestPaymentRequest, RequestPaymentConfiguration>({
  kind: 'request-payment',
  put: {
    operation: 'PutBucketRequestPayment',
    action: 's3:PutBucketRequestPayment',
    value(_, { RequestPaymentConfiguration: value }) {
      const { Payer } = value ?? {};
      if (Payer === 'Requester') throw faults.notImplemented('Payment by the requester');
      if (Payer !== 'BucketOwner') throw faults.malformedXml();
      return { Payer };
    },
  },
  get: {
    operation: 'GetBucketRequestPayment',
    action: 's3:GetBucketRequestPayment',
    answer: (value) => value,
    absent: { Payer: 'BucketOwner' },
  },
});

const OWNERSHIPS = new Set(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']);

/** Without any controls ACLs count, of which there is only the owner's: see the README. */
const ownershipOperations = singleConfiguration<PutBucketOwnershipControlsRequest, OwnershipControls>({
  kind: 'ownership',
  put: {
    operation: 'PutBucketOwnershipControls',
    action: 's3:PutBucketOwnershipControls',
    value(_, { OwnershipControls: value }) {
      const [rule, ...others] = value?.Rules ?? [];
      if (!value || !rule || others.length > 0 || !OWNERSHIPS.has(rule.ObjectOwnership ?? ''))
        throw faults.malformedXml();
      return value;
    },
  },
  get: {
    operation: 'GetBucketOwnershipControls',
    action: 's3:GetBucketOwnershipControls',
    answer(value, bucket) {
      if (value.Rules?.length) return { OwnershipControls: value };
      throw faults.ownershipControlsNotFound(bucket);
    },
    absent: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  },
  remove: {
    operation: 'DeleteBucketOwnershipControls',
    action: 's3:PutBucketOwnershipControls',
    leaves: { Rules: [] },
  },
});

export const switchOperations: readonly AnyOperation[] = [
  ...accelerateOperations,
  ...paymentOperations,
  ...ownershipOperations,
];
