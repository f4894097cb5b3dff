// s3:HeadObject: what GetObject would answer, without the bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
import type { HeadObjectOutput, HeadObjectRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { readAccess } from './access.ts';
import { assertOverrides, describeReading, requireObject } from './object-read.ts';

export const headObject = defineOperation<HeadObjectRequest, HeadObjectOutput>({
  name: 'HeadObject',
  access: readAccess('s3:GetObject', 's3:GetObjectVersion'),
  validate: (input, call) => assertOverrides(call, input),
  handle: (call, input) => describeReading(call, input, requireObject(call, input)).output,
});
