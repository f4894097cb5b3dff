// Queue: its settings are attributes, which AWS takes and tells as a map of texts.
import type {
  Dealings,
  FieldRule,
  KindDescription,
  Raw,
  ServiceDescription,
} from '../../kind/description.ts';

const sqs: ServiceDescription = { service: 'sqs', group: 'sqs', actions: 'sqs' };

const text: FieldRule = { type: 's' };
const document: FieldRule = { type: 's', compare: 'document' };

/** Each is a field of its own, by the attribute's name. */
const attributes: Readonly<Record<string, FieldRule>> = {
  ContentBasedDeduplication: text,
  DelaySeconds: text,
  FifoQueue: { type: 's', replace: true },
  KmsDataKeyReusePeriodSeconds: text,
  KmsMasterKeyId: { type: 's', reference: { kind: 'kms/Key', path: 'status.keyID' } },
  MaximumMessageSize: text,
  MessageRetentionPeriod: text,
  Policy: {
    type: 's',
    compare: 'policy',
    reference: { kind: 'iam/Policy', path: 'spec.policyDocument' },
  },
  ReceiveMessageWaitTimeSeconds: text,
  RedriveAllowPolicy: document,
  RedrivePolicy: document,
  SqsManagedSseEnabled: text,
  VisibilityTimeout: text,
};

function attributesOf({ field }: Dealings, names: readonly string[]): Raw {
  const given = names.map((name) => [name, field(name)] as const).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { Attributes: Object.fromEntries(given) };
}

async function setAttributes(dealings: Dealings): Promise<void> {
  const changed = attributesOf(
    dealings,
    Object.keys(attributes).filter((name) => name !== 'FifoQueue'),
  );
  await dealings.call('SetQueueAttributes', { QueueUrl: dealings.find('$QueueUrl'), ...changed });
}

const QueueUrl = '$QueueUrl';

export const queue: KindDescription = {
  service: sqs,
  kind: 'Queue',
  isStateful: true,
  identity: 'QueueName',
  renames: { tags: 'Tags' },
  ignore: ['Attributes'],
  fields: {
    ...Object.fromEntries(
      Object.entries(attributes).map(([name, rule]) => [name, { ...rule, observe: name }]),
    ),
    QueueName: { immutable: true, compare: 'never' },
  },
  create: [{ operation: 'CreateQueue' }],
  read: [
    {
      operation: 'GetQueueUrl',
      input: { QueueName: '$QueueName' },
      absent: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
    },
    {
      operation: 'GetQueueAttributes',
      input: { QueueUrl, AttributeNames: ['All'] },
      at: 'Attributes',
    },
  ],
  arn: 'arn:$partition:sqs:$region:$account:$QueueName',
  tags: {
    field: 'Tags',
    read: { operation: 'ListQueueTags', input: { QueueUrl }, at: 'Tags' },
    add: { operation: 'TagQueue', input: { QueueUrl, Tags: '$tags' } },
    drop: { operation: 'UntagQueue', input: { QueueUrl, TagKeys: '$keys' } },
  },
  remove: [{ operation: 'DeleteQueue', input: { QueueUrl } }],
  terminal: ['InvalidAttributeName', 'InvalidAttributeValue', 'QueueNameExists'],
  columns: [{ name: 'URL', path: '.status.queueURL' }],
  ways: {
    operations: ['SetQueueAttributes'],
    createInput: (dealings) => attributesOf(dealings, Object.keys(attributes)),
    update: Object.fromEntries(Object.keys(attributes).map((name) => [name, setAttributes])),
    dataAtRisk: (_call, _observed) => Promise.resolve('it is a queue that may hold messages'),
  },
};
