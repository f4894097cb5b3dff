// The entity that a batch may say it belongs to: checked as AWS checks it. What is wrong with one never refuses the
// events. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Entity.html
import type { EntityRejectionErrorType } from '@aws-sdk/client-cloudwatch-logs';

interface Entity {
  readonly keyAttributes?: Readonly<Record<string, string>> | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** What each type of entity must say beside its type. */
const required: Readonly<Record<string, readonly string[]>> = {
  Service: ['Name'],
  RemoteService: ['Name'],
  'AWS::Service': ['Name'],
  Resource: ['ResourceType', 'Identifier'],
  'AWS::Resource': ['ResourceType', 'Identifier'],
};
const keys = new Set(['Type', 'ResourceType', 'Identifier', 'Name', 'Environment']);

/** Why the entity is not accepted; undefined when it is. */
export function rejectedEntity(entity: Entity): { readonly errorType: EntityRejectionErrorType } | undefined {
  const errorType = reasonOf(entity);
  return errorType && { errorType };
}

function reasonOf({ keyAttributes }: Entity): EntityRejectionErrorType | undefined {
  if (!keyAttributes) return 'InvalidEntity';
  const type = keyAttributes['Type'];
  if (type === undefined) return 'MissingRequiredFields';
  const needed = Object.hasOwn(required, type) ? required[type] : undefined;
  if (!needed) return 'InvalidTypeValue';
  if (Object.keys(keyAttributes).some((key) => !keys.has(key))) return 'InvalidKeyAttributes';
  return needed.every((key) => keyAttributes[key]) ? undefined : 'MissingRequiredFields';
}
