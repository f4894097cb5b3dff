// S3: its operations. What each does not do stands in the README beside this file.
import type { ServiceDefinition } from '../../operation.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { absentConfigurations } from './absent-configurations.ts';
import { getBucketAcl, getBucketLocation, getObjectAcl } from './bucket-facts.ts';
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './bucket-policy-operations.ts';
import {
  deleteBucketTagging,
  deletePublicAccessBlock,
  getBucketTagging,
  getPublicAccessBlock,
  putBucketTagging,
  putPublicAccessBlock,
} from './bucket-settings.ts';
import { getBucketVersioning, putBucketVersioning } from './bucket-versioning.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { corsOperations } from './configurations/cors.ts';
import { encryptionOperations } from './configurations/encryption.ts';
import { lifecycleOperations } from './configurations/lifecycle.ts';
import { loggingOperations } from './configurations/logging.ts';
import { notificationOperations } from './configurations/notification.ts';
import { severalConfigurations } from './configurations/several-configurations.ts';
import { switchOperations } from './configurations/switches.ts';
import { websiteOperations } from './configurations/website.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObjectAttributes } from './get-object-attributes.ts';
import { getObject } from './get-object.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { startExpiry } from './lifecycle/expiry.ts';
import { listBuckets } from './list-buckets.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listObjects } from './list-objects.ts';
import { listParts } from './list-parts.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { putBucketAcl } from './put-bucket-acl.ts';
import { putObject } from './put-object.ts';
import { startSweep } from './storage.ts';
import { uploadPartCopy } from './upload-part-copy.ts';
import { uploadPart } from './upload-part.ts';

export const s3: ServiceDefinition = {
  name: 's3',
  start(plane) {
    startSweep(plane);
    startExpiry(plane);
  },
  operations: [
    createBucket,
    deleteBucket,
    headBucket,
    listBuckets,
    putObject,
    getObject,
    headObject,
    getObjectAttributes,
    deleteObject,
    deleteObjects,
    copyObject,
    listObjects,
    listObjectsV2,
    listObjectVersions,
    createMultipartUpload,
    uploadPart,
    uploadPartCopy,
    completeMultipartUpload,
    abortMultipartUpload,
    listParts,
    listMultipartUploads,
    putBucketPolicy,
    getBucketPolicy,
    deleteBucketPolicy,
    getBucketPolicyStatus,
    putPublicAccessBlock,
    getPublicAccessBlock,
    deletePublicAccessBlock,
    putBucketTagging,
    getBucketTagging,
    deleteBucketTagging,
    putObjectTagging,
    getObjectTagging,
    deleteObjectTagging,
    getBucketLocation,
    getBucketAcl,
    putBucketAcl,
    getObjectAcl,
    putBucketVersioning,
    getBucketVersioning,
    ...corsOperations,
    ...encryptionOperations,
    ...lifecycleOperations,
    ...loggingOperations,
    ...notificationOperations,
    ...severalConfigurations,
    ...switchOperations,
    ...websiteOperations,
    ...absentConfigurations,
  ],
};
