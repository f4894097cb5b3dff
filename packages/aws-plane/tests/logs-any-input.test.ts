// Whatever is asked of CloudWatch Logs is answered as AWS answers: with a result or with a fault, never with a bug.
import { type Logger, silentLogger } from '@pergola/kernel';
import { signRequest } from '@pergola/sigv4';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadModel, type Shape, ShapeGraph } from '@pergola/aws-model';
import { logs } from '../src/services/logs/service.ts';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, adminKey, secretAccessKey } from './plane.ts';

const bugs: unknown[] = [];
const logger: Logger = { ...silentLogger, error: (fields) => void bugs.push(fields), child: () => logger };

let plane: LogsPlane;
beforeAll(async () => {
  plane = await startLogsPlane({ logger });
});
afterAll(() => plane[Symbol.asyncDispose]());

const arn = (name: string) => `arn:aws:logs:us-east-1:${account}:log-group:${name}`;
const now = Date.now();

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'logs:PutLogEvents', Resource: '*' }],
});

/** Texts that mean something somewhere, so that calls get further than their validation. */
const texts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('g', 'h', 's', 't', arn('g'), `${arn('h')}:*`) },
  fc.constantFrom('fields @message', 'stats count(*) by bin(1m)', '{ $.a = 1 }', '?a ?b', '%x%', '', ' '),
  fc.constantFrom(
    'STANDARD',
    'INFREQUENT_ACCESS',
    'DELIVERY',
    'LastEventTime',
    'CWLI',
    'RESOURCE',
    'Running',
  ),
  fc.constantFrom('{"Version":"2012-10-17","Statement":[]}', 'f/0/s', 'eyJh', '__proto__', '\ud800', 'a\0b'),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const numbers = fc.oneof(
  fc.constantFrom(0, 1, -1, 7, 50, 10_000, now, now / 1_000, now + 1e9, 1e15, 1e300, 0.5, -0),
  fc.integer(),
);

/** What members of these names usually hold. */
const usual: readonly (readonly [RegExp, fc.Arbitrary<unknown>])[] = [
  [/^logGroup(Name|Identifier)/, fc.constantFrom('g', 'h')],
  [/Arn$/, fc.constantFrom(arn('g'), arn('h'))],
  [/^logStreamName/, fc.constantFrom('s', 't')],
  [/pattern$/i, fc.constantFrom('a', '{ $.a = 1 }', '?a ?b', '%x%', '')],
  [/^queryString$/, fc.constantFrom('fields @message', 'stats count(*) by bin(1m)')],
  [/^policyDocument$/, fc.constant(policy)],
  [/^(limit|max)/, fc.constantFrom(1, 2, 50)],
  [/time(stamp)?$|^from$|^to$/i, fc.constantFrom(now - 1_000, now, now + 1_000, 0)],
  [/^retentionInDays$/, fc.constantFrom(1, 30)],
  [/^orderBy$/, fc.constantFrom('LogStreamName', 'LastEventTime')],
];

function textOf(name: string): fc.Arbitrary<unknown> {
  const found = usual.find(([pattern]) => pattern.test(name))?.[1];
  return found ? fc.oneof({ weight: 6, arbitrary: found }, texts) : texts;
}

function numberOf(name: string): fc.Arbitrary<unknown> {
  const found = usual.find(([pattern]) => pattern.test(name))?.[1];
  return found ? fc.oneof({ weight: 6, arbitrary: found }, numbers) : numbers;
}

function valueOf(shape: Shape, depth: number, name = ''): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return textOf(name);
    case 'number':
      return numberOf(name);
    case 'boolean':
      return fc.boolean();
    case 'list':
      return fc.array(valueOf(shape.element.shape, depth + 1, name), { maxLength: 3 });
    case 'map':
      return fc.dictionary(texts, valueOf(shape.value.shape, depth + 1), { maxKeys: 3 });
    case 'structure': {
      if (depth > 3) return fc.constant({});
      const members = shape.members.map(
        (member) => [member.name, valueOf(member.shape, depth + 1, member.name)] as const,
      );
      // Mostly with what is required, so that calls get further than that.
      const requiredKeys = members.slice(0, shape.requiredCount).map(([name]) => name);
      const record = fc.record(Object.fromEntries(members), { requiredKeys });
      return fc.oneof(
        { weight: 9, arbitrary: record },
        fc.record(Object.fromEntries(members), { requiredKeys: [] }),
      );
    }
    default:
      return fc.constant('AA==');
  }
}

async function call(operation: string, input: unknown): Promise<{ status: number; text: string }> {
  const body = JSON.stringify(input);
  const headers = signRequest(
    {
      method: 'POST',
      path: '/',
      query: '',
      headers: {
        host: `127.0.0.1:${plane.test.port}`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${operation}`,
      },
    },
    {
      credentials: { accessKeyId: adminKey, secretAccessKey },
      region: 'us-east-1',
      service: 'logs',
      nowMs: Date.now(),
      body,
    },
  );
  const answer = await fetch(plane.test.url, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

it('holds for calls in any order', async () => {
  const model = await loadModel('logs');
  const shapes = new ShapeGraph(model);
  // A live tail is an answer without an end.
  const names = logs.operations.map(({ name }) => name).filter((name) => name !== 'StartLiveTail');
  const calls = fc.constantFrom(...names).chain((name) => {
    const shape = model.operations[name]?.input;
    const input = shape === undefined ? fc.constant({}) : valueOf(shapes.structure(shape), 0);
    return input.map((value) => [name, value] as const);
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 5, maxLength: 15 }), async (sequence) => {
      await call('CreateLogGroup', { logGroupName: 'g' });
      await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
      for (const [operation, input] of sequence) {
        const { status, text } = await call(operation, input);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect([200, 400], `${operation} ${JSON.stringify(input)}: ${text}`).toContain(status);
      }
    }),
    { numRuns: 25 },
  );
  expect(bugs).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(0);
  expect(statuses.get(400)).toBeGreaterThan(0);
});
