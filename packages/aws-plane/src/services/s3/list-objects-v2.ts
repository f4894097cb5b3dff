// s3:ListObjectsV2. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
import type { ListObjectsV2Output, ListObjectsV2Request } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { requireBucket } from './access.ts';
import { faults } from './faults.ts';
import { assertEncodingType, encodeKey, parseLimit, readPage } from './listing.ts';
import { describeListed, listAccess } from './listed-object.ts';
import { canonicalIdOf } from './owner.ts';
import type { Position } from './state.ts';

export const listObjectsV2 = defineOperation<ListObjectsV2Request, ListObjectsV2Output>({
  name: 'ListObjectsV2',
  access: listAccess(),
  validate: (input) => assertEncodingType(input.EncodingType),
  handle(call, input) {
    const { Bucket = '', Prefix = '', Delimiter = '', EncodingType, ContinuationToken, StartAfter } = input;
    const bucket = requireBucket(call, Bucket);
    const limit = parseLimit(input.MaxKeys, 'maxKeys', 'max-keys');
    const page = readPage(call, {
      bucket: Bucket,
      prefix: Prefix,
      delimiter: Delimiter,
      position: ContinuationToken === undefined ? { afterKey: StartAfter } : parseToken(ContinuationToken),
      limit,
    });
    const encode = (text: string) => encodeKey(text, EncodingType);
    const owner = input.FetchOwner ? { ID: canonicalIdOf(bucket.account) } : undefined;
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      ...(Delimiter !== '' && { Delimiter: encode(Delimiter) }),
      ...(StartAfter !== undefined && { StartAfter: encode(StartAfter) }),
      ContinuationToken,
      EncodingType,
      MaxKeys: limit,
      KeyCount: page.objects.length + page.commonPrefixes.length,
      IsTruncated: page.next !== undefined,
      NextContinuationToken: page.next && renderToken(page.next),
      Contents: page.objects.map((object) => describeListed(object, encode, owner)),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});

/** A token says where to go on: `k` and a key, or `p` and a common prefix. Clients treat it as opaque. */
function renderToken({ afterKey, afterPrefix }: Position): string {
  return Buffer.from(afterPrefix === undefined ? `k${afterKey ?? ''}` : `p${afterPrefix}`).toString(
    'base64url',
  );
}

function parseToken(token: string): Position {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('k')) return { afterKey: text.slice(1) };
  if (text.startsWith('p')) return { afterPrefix: text.slice(1) };
  throw faults.invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
