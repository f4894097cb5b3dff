// The services of AWS that are known here by name.
export type ServiceName =
  | 'sts'
  | 'iam'
  | 's3'
  | 'logs'
  | 'rds'
  | 'dynamodb'
  | 'dynamodbstreams'
  | 'elasticache'
  | 'ec2'
  | 'secretsmanager'
  | 'kms'
  | 'sqs';
