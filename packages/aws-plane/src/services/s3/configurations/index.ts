// The configurations of buckets, one file each: what S3 keeps and shows, and, where it can be, obeys.
import type { AnyOperation } from '../../../operation.ts';
import { corsOperations } from './cors.ts';
import { encryptionOperations } from './encryption.ts';
import { lifecycleOperations } from './lifecycle.ts';
import { loggingOperations } from './logging.ts';
import { notificationOperations } from './notification.ts';
import { severalConfigurations } from './several-configurations.ts';
import { switchOperations } from './switches.ts';
import { websiteOperations } from './website.ts';

export const configurationOperations: readonly AnyOperation[] = [
  ...corsOperations,
  ...encryptionOperations,
  ...lifecycleOperations,
  ...loggingOperations,
  ...notificationOperations,
  ...websiteOperations,
  ...switchOperations,
  ...severalConfigurations,
];
