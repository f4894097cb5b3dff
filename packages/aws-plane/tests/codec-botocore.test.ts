// The codecs against a second, independent client: what botocore serialises is what we decode, what we encode is
// what botocore parses. Runs where `python3` has botocore, and says so where it does not.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ServiceCodec, WireRequest } from '../src/codecs/codec.ts';
import { eventStreamOf } from '../src/codecs/event-stream.ts';
import { buildCodec } from '../src/codecs/load-codec.ts';
import { loadModel, ShapeGraph } from '@pergola/aws-model';
import type { ServiceName } from '../src/operation.ts';
import { RandomShapes } from './random-shape.ts';

const oracle = fileURLToPath(new URL('botocore-oracle.py', import.meta.url));
const present = spawnSync('python3', ['-c', 'import botocore']).status === 0;

const services = ['sts', 'iam', 's3', 'logs', 'rds', 'dynamodb', 'elasticache'] as const;

/** Where botocore and the SDK for JavaScript disagree about the service, each with the reason. */
const disagreements: readonly RegExp[] = [
  /^s3 ListDirectoryBuckets routed/, // Sends no x-id: nothing tells it from ListBuckets but the host.
  /PartNumberMarker: (\d+) became \1$/, // A number to botocore, text to the SDK for JavaScript.
  /^s3 GetBucketLocation output/, // Read by a hook of botocore outside its parser.
];

interface Answer {
  readonly input: unknown;
  readonly request: Omit<WireRequest, 'host' | 'body'> & { readonly body: string };
  readonly output?: unknown;
  readonly parsed?: unknown;
}

test.skipIf(!present)('every operation that botocore knows round trips with it', async () => {
  const codecs = new Map<ServiceName, ServiceCodec>();
  const cases: Record<string, Record<string, object>> = {};
  for (const service of services) {
    const model = await loadModel(service);
    const codec = buildCodec(service, model, { rules: {}, members: {} });
    codecs.set(service, codec);
    const shapes = new ShapeGraph(model);
    const full = (shape: string | undefined, random: RandomShapes) =>
      shape === undefined ? {} : random.structure(shapes.structure(shape));
    cases[service] = Object.fromEntries(
      Object.entries(model.operations).map(([name, { input, output }], index) => {
        const random = new RandomShapes(index + 1);
        const values = { input: full(input, random), output: full(output, random) };
        // Event streams are for live clients: see the tests of live tail.
        const events = output !== undefined && eventStreamOf(shapes.structure(output)) !== undefined;
        const response = events ? null : respond(codec, name, values.output);
        return [name, { ...(tag(values) as object), response }];
      }),
    );
  }

  const run = spawnSync('python3', [oracle], {
    input: JSON.stringify(cases),
    maxBuffer: 2 ** 27,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  const answers = JSON.parse(run.stdout) as Record<ServiceName, Record<string, Answer | null>>;

  const differences: string[] = [];
  let compared = 0;
  for (const [service, codec] of codecs) {
    for (const [name, answer] of Object.entries(answers[service])) {
      if (answer === null) continue; // Newer than this botocore.
      const at = `${service} ${name}`;
      const request = requestOf(service, answer);
      const routed = codec.route(request)?.operation;
      if (routed !== name) differences.push(`${at} routed to ${routed}`);
      differences.push(...compare(`${at} input`, answer.input, tag(codec.decode(name, request))));
      differences.push(...compare(`${at} output`, answer.output, answer.parsed));
      compared += 1;
    }
  }
  const unexplained = differences.filter(
    (difference) => !disagreements.some((known) => known.test(difference)),
  );
  expect(unexplained).toEqual([]);
  expect(compared).toBeGreaterThan(650);
});

/** What we encode; null for what is not implemented. */
function respond(codec: ServiceCodec, name: string, output: object): object | null {
  try {
    const { status, headers, body } = codec.encode(name, output, 'request-1');
    return { status, headers, body: Buffer.from((body ?? '') as string).toString('base64') };
  } catch (error) {
    if ((error as { code?: string }).code === 'NotImplemented') return null;
    throw error;
  }
}

/** botocore puts the bucket in the path later, and signs a checksum that S3 asks for. */
function requestOf(service: string, { request, input }: Answer): WireRequest {
  const { Bucket: bucket } = input as { Bucket?: string };
  const bare = bucket === undefined || request.path.includes(bucket);
  const headers =
    service === 's3' ? { ...request.headers, 'x-amz-trailer': 'x-amz-checksum-crc32' } : request.headers;
  const path = bare ? request.path : `/${bucket}${request.path}`;
  return { ...request, path, headers, host: '127.0.0.1', body: Buffer.from(request.body, 'base64') };
}

function tag(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.getTime() / 1000 };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(tag);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, tag(item)]));
}

function compare(path: string, expected: unknown, actual: unknown): string[] {
  if (typeof expected === 'object' && typeof actual === 'object' && expected !== null && actual !== null) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) => {
      return compare(`${path}.${name}`, (expected as never)[name], (actual as never)[name]);
    });
  }
  // botocore writes and reads some dates in whole seconds.
  const close = path.endsWith('$date') && Math.abs(Number(expected) - Number(actual)) < 1.001;
  return close || expected === actual ? [] : [`${path}: ${String(expected)} became ${String(actual)}`];
}
