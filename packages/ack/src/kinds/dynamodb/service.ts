// DynamoDB.
import type { ServiceDescription } from '../../kind/description.ts';

export const dynamodb: ServiceDescription = { service: 'dynamodb', group: 'dynamodb', actions: 'dynamodb' };
