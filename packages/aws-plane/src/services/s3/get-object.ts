// s3:GetObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
import type { Readable } from 'node:stream';
import type { GetObjectOutput, GetObjectRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { readAccess } from './access.ts';
import { withDataKey } from './data-key.ts';
import { assertOverrides, describeReading, requireObject } from './object-read.ts';
import { openBody } from './storage.ts';

type Output = Omit<GetObjectOutput, 'Body'> & { readonly Body: Readable | Buffer };

export const getObject = defineOperation<GetObjectRequest, Output>({
  name: 'GetObject',
  access: readAccess('s3:GetObject', 's3:GetObjectVersion'),
  validate: (input, call) => assertOverrides(call, input),
  handle(call, input) {
    const find = () => requireObject(call, input);
    return withDataKey(call, input.Bucket ?? '', find, async (object, key) => {
      const { output, range } = describeReading(call, input, object);
      return Object.assign(output, { Body: await openBody(call.plane, { body: object.body, key }, range) });
    });
  },
});
