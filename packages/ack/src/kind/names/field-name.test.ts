// Names of fields, references and plurals as ACK's custom resources have them.
import { expect, test } from 'vitest';
import { fieldName, pluralOf, referenceName } from './field-name.ts';

test.each([
  ['DBInstanceIdentifier', 'dbInstanceIdentifier'],
  ['DbiResourceId', 'dbiResourceID'],
  ['DbInstancePort', 'dbInstancePort'],
  ['DBName', 'dbName'],
  ['VpcSecurityGroupIds', 'vpcSecurityGroupIDs'],
  ['KmsKeyId', 'kmsKeyID'],
  ['KMSMasterKeyId', 'kmsMasterKeyID'],
  ['SSESpecification', 'sseSpecification'],
  ['CACertificateIdentifier', 'caCertificateIdentifier'],
  ['IAMDatabaseAuthenticationEnabled', 'iamDatabaseAuthenticationEnabled'],
  ['EnableIAMDatabaseAuthentication', 'enableIAMDatabaseAuthentication'],
  ['DomainIAMRoleName', 'domainIAMRoleName'],
  ['MasterUserSecretKmsKeyId', 'masterUserSecretKMSKeyID'],
  ['EnableHttpEndpoint', 'enableHTTPEndpoint'],
  ['ID', 'id'],
  ['Iops', 'iops'],
  ['StorageThroughput', 'storageThroughput'],
  ['MultiAZ', 'multiAZ'],
  ['PreSignedUrl', 'preSignedURL'],
  ['CORSRules', 'corsRules'],
  ['AllowedHeaders', 'allowedHeaders'],
  ['MFADelete', 'mfaDelete'],
  ['TimeToLive', 'timeToLive'],
  ['SecurityGroupIds', 'securityGroupIDs'],
  ['PrimaryClusterId', 'primaryClusterID'],
  ['AssumeRolePolicyDocument', 'assumeRolePolicyDocument'],
  ['ClientIDList', 'clientIDList'],
  ['OpenIDConnectProviderArn', 'openIDConnectProviderARN'],
  ['Url', 'url'],
  ['AWSServiceName', 'awsServiceName'],
  ['TdeCredentialArn', 'tdeCredentialARN'],
  ['Type', 'type_'],
  ['Range', 'range_'],
  ['logGroupName', 'logGroupName'],
  ['kmsKeyId', 'kmsKeyID'],
  ['IPv6CidrBlock', 'ipv6CIDRBlock'],
  ['IpAddress', 'ipAddress'],
  ['IPAddress', 'ipAddress'],
  ['Throttled', 'throttled'],
  ['SecurityGroups', 'securityGroups'],
  ['HTTPSPort', 'httpsPort'],
  ['MD5OfBody', 'md5OfBody'],
  ['SSEKMSKeyId', 'sseKMSKeyID'],
  ['IdleTimeout', 'idleTimeout'],
  ['Secret', 'secret'],
  ['EnabledCloudwatchLogsExports', 'enabledCloudwatchLogsExports'],
  ['CustomIamInstanceProfile', 'customIAMInstanceProfile'],
  ['EC2SecurityGroupName', 'ec2SecurityGroupName'],
])('%s is %s', (member, name) => {
  expect(fieldName(member)).toBe(name);
});

test.each([
  ['vpcSecurityGroupIDs', true, 'vpcSecurityGroupRefs'],
  ['subnetIDs', true, 'subnetRefs'],
  ['policies', true, 'policyRefs'],
  ['dbSubnetGroupName', false, 'dbSubnetGroupRef'],
  ['kmsKeyID', false, 'kmsKeyRef'],
  ['notificationTopicARN', false, 'notificationTopicRef'],
  ['permissionsBoundary', false, 'permissionsBoundaryRef'],
  ['dbInstanceIdentifier', false, 'dbInstanceIdentifierRef'],
] as const)('%s (list: %s) is filled by %s', (field, isList, name) => {
  expect(referenceName(field, isList)).toBe(name);
});

test.each([
  ['DBProxy', 'dbproxies'],
  ['Policy', 'policies'],
  ['ServerlessCache', 'serverlesscaches'],
  ['Queue', 'queues'],
])('many of %s are %s', (kind, plural) => {
  expect(pluralOf(kind)).toBe(plural);
});
