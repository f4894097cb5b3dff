// The services of AWS that this plane knows by name.
export type ServiceName = 'sts' | 'iam' | 's3' | 'logs' | 'rds' | 'dynamodb' | 'elasticache';
