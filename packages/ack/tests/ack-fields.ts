// What ACK's own CustomResourceDefinitions have: names of fields of spec and status, `!` where one is required, and
// types where they are told. Fields that every kind has are left out.

export interface AckFields {
  readonly spec: string;
  readonly status: string;
}

export const ackFields: Readonly<Record<string, AckFields>> = {
  'dynamodb/Table': {
    spec: `attributeDefinitions!:array billingMode:string continuousBackups:object deletionProtectionEnabled:boolean
      globalSecondaryIndexes:array keySchema!:array localSecondaryIndexes:array provisionedThroughput:object
      sseSpecification:object streamSpecification:object tableClass:string tableName!:string tags:array timeToLive:object`,
    status: `archivalSummary:object creationDateTime:string globalSecondaryIndexesDescriptions:array
      globalTableVersion:string itemCount:integer latestStreamARN:string latestStreamLabel:string replicas:array
      restoreSummary:object tableID:string tableSizeBytes:integer tableStatus:string`,
  },
  'elasticache/GlobalReplicationGroup': {
    spec: `globalReplicationGroupDescription:string globalReplicationGroupIDSuffix!:string
      primaryReplicationGroupID:string primaryReplicationGroupRef:object tags:array`,
    status: `atRestEncryptionEnabled:boolean authTokenEnabled:boolean cacheNodeType:string clusterEnabled:boolean
      engine:string engineVersion:string globalNodeGroups:array globalReplicationGroupID:string members:array
      status:string transitEncryptionEnabled:boolean`,
  },
  'elasticache/ReplicationGroup': {
    spec: `atRestEncryptionEnabled authToken:object automaticFailoverEnabled cacheNodeType cacheParameterGroupName
      cacheParameterGroupRef cacheSecurityGroupNames cacheSubnetGroupName cacheSubnetGroupRef description! engine
      engineVersion kmsKeyID logDeliveryConfigurations multiAZEnabled networkType nodeGroupConfiguration
      notificationTopicARN numNodeGroups port preferredCacheClusterAZs preferredMaintenanceWindow primaryClusterID
      replicasPerNodeGroup replicationGroupID! securityGroupIDs securityGroupRefs snapshotARNs snapshotName
      snapshotRetentionLimit snapshotWindow tags transitEncryptionEnabled userGroupIDs`,
    status: `allowedScaleDownModifications allowedScaleUpModifications authTokenEnabled events
      logDeliveryConfigurations memberClusters nodeGroups pendingModifiedValues status`,
  },
  'elasticache/Snapshot': {
    spec: `cacheClusterID cacheClusterRef kmsKeyID kmsKeyRef replicationGroupID replicationGroupRef snapshotName!
      sourceSnapshotName sourceSnapshotRef tags`,
    status: 'snapshotStatus',
  },
  'iam/Group': {
    spec: 'name!:string path:string policies:array',
    status: 'createDate:string groupID:string',
  },
  'iam/InstanceProfile': {
    spec: 'name!:string path:string role:string roleRef:object tags:array',
    status: 'createDate:string instanceProfileID:string',
  },
  'iam/OpenIDConnectProvider': {
    spec: 'clientIDList:array tags:array thumbprintList:array url!:string',
    status: '',
  },
  'iam/Role': {
    spec: `assumeRolePolicyDocument!:string description:string inlinePolicies:object maxSessionDuration:integer
      name!:string path:string permissionsBoundary:string permissionsBoundaryRef:object policies:array policyRefs:array
      tags:array`,
    status: 'createDate:string roleID:string roleLastUsed:object',
  },
  'iam/ServiceLinkedRole': {
    spec: 'awsServiceName!:string customSuffix:string description:string',
    status: `assumeRolePolicyDocument:string createDate:string maxSessionDuration:integer path:string
      permissionsBoundary:object roleID:string roleLastUsed:object roleName:string tags:array`,
  },
  'iam/User': {
    spec: `name!:string path:string permissionsBoundary:string permissionsBoundaryRef:object policies:array
      policyRefs:array tags:array`,
    status: 'createDate:string passwordLastUsed:string userID:string',
  },
  'cloudwatchlogs/LogGroup': {
    spec: 'kmsKeyID kmsKeyRef metricFilters:array name!:string retentionDays:integer subscriptionFilters:array tags:object',
    status: `creationTime:integer dataProtectionStatus:string metricFilterCount:integer retentionInDays:integer
      storedBytes:integer`,
  },
  'rds/DBInstance': {
    spec: `allocatedStorage autoMinorVersionUpgrade availabilityZone backupRetentionPeriod backupTarget
      caCertificateIdentifier characterSetName copyTagsToSnapshot customIAMInstanceProfile dbClusterIdentifier
      dbClusterSnapshotIdentifier dbInstanceClass! dbInstanceIdentifier! dbName dbParameterGroupName
      dbParameterGroupRef dbSnapshotIdentifier dbSubnetGroupName dbSubnetGroupRef deletionProtection destinationRegion
      domain domainIAMRoleName enableCloudwatchLogsExports enableCustomerOwnedIP enableIAMDatabaseAuthentication engine!
      engineVersion iops kmsKeyID kmsKeyRef licenseModel manageMasterUserPassword masterUserPassword:object
      masterUserSecretKMSKeyID masterUserSecretKMSKeyRef masterUsername maxAllocatedStorage monitoringInterval
      monitoringRoleARN multiAZ ncharCharacterSetName networkType optionGroupName performanceInsightsEnabled
      performanceInsightsKMSKeyID performanceInsightsRetentionPeriod port preSignedURL preferredBackupWindow
      preferredMaintenanceWindow processorFeatures promotionTier publiclyAccessible replicaMode
      sourceDBInstanceIdentifier sourceRegion storageEncrypted storageThroughput storageType tags tdeCredentialARN
      tdeCredentialPassword timezone useDefaultProcessorFeatures vpcSecurityGroupIDs vpcSecurityGroupRefs`,
    status: 'dbInstanceStatus:string dbiResourceID:string endpoint:object vpcSecurityGroups:array',
  },
  'rds/DBSubnetGroup': {
    spec: 'description!:string name!:string subnetIDs:array subnetRefs:array tags:array',
    status: 'subnetGroupStatus:string subnets:array supportedNetworkTypes:array vpcID:string',
  },
  's3/Bucket': {
    spec: `acl accelerate analytics:array cors:object createBucketConfiguration:object encryption grantFullControl
      grantRead grantReadACP grantWrite grantWriteACP intelligentTiering:array inventory:array lifecycle logging
      metrics:array name! notification objectLockEnabledForBucket objectOwnership ownershipControls policy:string
      publicAccessBlock replication requestPayment tagging:object versioning website`,
    status: 'location:string',
  },
};

/** `name!:type` of a text as above. */
export function fieldsIn(
  text: string,
): readonly { name: string; required: boolean; type: string | undefined }[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [name = '', type] = word.split(':');
      return { name: name.replace('!', ''), required: name.endsWith('!'), type };
    });
}
