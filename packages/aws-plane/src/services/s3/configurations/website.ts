// The website configuration of a bucket: kept and shown; no website is served.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
import type { PutBucketWebsiteRequest, WebsiteConfiguration } from '@aws-sdk/client-s3';
import { AwsFault } from '../../../fault.ts';
import { faults } from '../faults.ts';
import { singleConfiguration } from './single-configuration.ts';

export const websiteOperations = singleConfiguration<PutBucketWebsiteRequest, WebsiteConfiguration>({
  kind: 'website',
  put: {
    operation: 'PutBucketWebsite',
    action: 's3:PutBucketWebsite',
    value(_, { WebsiteConfiguration: value = {} }) {
      const { RedirectAllRequestsTo, IndexDocument, ErrorDocument, RoutingRules } = value;
      const suffix = IndexDocument?.Suffix;
      if (RedirectAllRequestsTo) {
        const others = [IndexDocument, ErrorDocument, RoutingRules];
        if (others.some((one) => one !== undefined))
          throw faults.invalidArgument(
            'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
            'RedirectAllRequestsTo',
            RedirectAllRequestsTo.HostName ?? '',
          );
      } else if (suffix === undefined)
        throw faults.invalidArgument(
          'A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty',
          'IndexDocument',
          'null',
        );
      if (suffix !== undefined && (suffix === '' || suffix.includes('/')))
        throw faults.invalidArgument('The IndexDocument Suffix is not well formed', 'IndexDocument', suffix);
      return value;
    },
  },
  get: {
    operation: 'GetBucketWebsite',
    action: 's3:GetBucketWebsite',
    answer: (value) => value,
    absent: (BucketName) =>
      new AwsFault(
        'NoSuchWebsiteConfiguration',
        404,
        'The specified bucket does not have a website configuration',
        { BucketName },
      ),
  },
  remove: { operation: 'DeleteBucketWebsite', action: 's3:DeleteBucketWebsite' },
});
