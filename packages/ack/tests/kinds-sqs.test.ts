// Queue, the worked example of CONTRIBUTING, on a queue that keeps what it is given.
import { AwsError } from '@pergola/aws-client';
import { expect, test } from 'vitest';
import type { AwsCall } from '../src/kind/kind.ts';
import { kindNamed, leftOver, settle, want } from './kind-life.ts';

test('a queue lives by its attributes', async () => {
  const kind = await kindNamed('sqs', 'Queue');
  let attributes: Record<string, unknown> | undefined;
  let tags: Record<string, unknown> = {};
  const writes: [string, unknown][] = [];
  const call: AwsCall = (operation, input) => {
    if (!/^(?:Get|List)/.test(operation)) writes.push([operation, input]);
    if (operation === 'CreateQueue') {
      attributes = { ...(input['Attributes'] as object) };
      tags = { ...(input['tags'] as object) };
    }
    if (operation === 'DeleteQueue') attributes = undefined;
    if (!attributes) return Promise.reject(new AwsError(400, 'QueueDoesNotExist', 'no such queue'));
    if (operation === 'SetQueueAttributes') Object.assign(attributes, input['Attributes']);
    return Promise.resolve({ QueueUrl: 'https://sqs/1/jobs', Attributes: attributes, Tags: tags });
  };
  const wanted = want({ queueName: 'jobs', delaySeconds: '5', redrivePolicy: '{"maxReceiveCount": 3}' });
  const observed = await settle(kind, call, wanted).then(() => kind.read(call, wanted));
  expect(observed).toMatchObject({
    arn: 'arn:aws:sqs:us-east-1:123456789012:jobs',
    status: { queueURL: 'https://sqs/1/jobs' },
    spec: { queueName: 'jobs', tags: { 'services.k8s.aws/namespace': 'default' } },
  });
  expect(writes).toEqual([
    [
      'CreateQueue',
      {
        QueueName: 'jobs',
        Attributes: { DelaySeconds: '5', RedrivePolicy: '{"maxReceiveCount": 3}' },
        tags: { 'services.k8s.aws/namespace': 'default' },
      },
    ],
  ]);
  expect(await leftOver(kind, call, wanted)).toEqual([]);
  expect(
    await leftOver(kind, call, want({ ...wanted.spec, redrivePolicy: '{"maxReceiveCount":3}' })),
  ).toEqual([]);
  const changed = want({ queueName: 'jobs', delaySeconds: '9', visibilityTimeout: '60' });
  await settle(kind, call, changed);
  expect(writes.at(-1)).toEqual([
    'SetQueueAttributes',
    { QueueUrl: 'https://sqs/1/jobs', Attributes: { DelaySeconds: '9', VisibilityTimeout: '60' } },
  ]);
  if (observed) await kind.remove(call, changed, observed);
  expect(await kind.read(call, changed)).toBeUndefined();
});
