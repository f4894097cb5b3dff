// Whatever is asked of RDS is answered as AWS answers: with a result or with a fault, never with a bug.
import { loadModel, type Shape, ShapeGraph } from '@pergola/aws-model';
import { type Logger, silentLogger } from '@pergola/kernel';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCodec } from '../src/codecs/load-codec.ts';
import { AwsFault } from '../src/fault.ts';
import { kms } from '../src/services/kms/service.ts';
import { rds } from '../src/services/rds/service.ts';
import { secretsManager } from '../src/services/secretsmanager/service.ts';
import { fakeEngines } from './fake-engines.ts';
import { account } from './plane.ts';
import { type RdsPlane, startRdsPlane } from './rds-plane.ts';

const bugs: unknown[] = [];
const logger: Logger = { ...silentLogger, error: (fields) => void bugs.push(fields), child: () => logger };
const region = 'us-east-1';

let plane: RdsPlane;
let subnets: readonly string[];
beforeAll(async () => {
  plane = await startRdsPlane({ logger, engines: fakeEngines(), services: [secretsManager, kms] });
  const network = await plane.test.plane.ports.networks.defaultNetwork({ account, region });
  subnets = network?.subnets.map(({ subnetId }) => subnetId) ?? [];
});
afterAll(() => plane[Symbol.asyncDispose]());

const arn = (type: string, name: string) => `arn:aws:rds:${region}:${account}:${type}:${name}`;
const names = fc.constantFrom('a', 'b', 'c');

/** Texts that mean something somewhere, so that calls get further than their validation. */
const texts = fc.oneof(
  { weight: 4, arbitrary: names },
  fc.constantFrom(arn('db', 'a'), arn('cluster', 'b'), arn('pg', 'a'), 'default', 'default.postgres14', ''),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '\ud800',
    'a\0b',
    '{DBInstanceClassMemory/1}',
    'LEAST((((1)',
    'x'.repeat(300),
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const numbers = fc.oneof(fc.constantFrom(0, 1, -1, 20, 100, 5432, 1e9, 0.5, 1e300, -0), fc.integer());

/** What members of these names usually hold. */
const usual: readonly (readonly [RegExp, fc.Arbitrary<unknown>])[] = [
  [
    /^(Engine|EngineName)$/,
    fc.constantFrom('postgres', 'postgres', 'aurora-postgresql', 'mysql', 'oracle-ee'),
  ],
  [/EngineVersion$/, fc.constantFrom('14', '17', '14.23', '17.10', '9.6')],
  [/Family$/, fc.constantFrom('postgres14', 'postgres17', 'aurora-postgresql17', 'POSTGRESQL')],
  [/InstanceClass$/, fc.constantFrom('db.t3.micro', 'db.t3.medium', 'db.r6g.large')],
  [/^(Master)?User(name|Password)$|Password$/, fc.constantFrom('myusername', 'correct-horse')],
  [/^AllocatedStorage$/, fc.constantFrom(20, 30, 400)],
  [/^StorageType$/, fc.constantFrom('gp2', 'gp3', 'io1')],
  [/Port(Number)?$/, fc.constantFrom(5432, 6000)],
  [/RetentionPeriod$/, fc.constantFrom(0, 1, 7)],
  [/BackupWindow$/, fc.constantFrom('01:00-02:00', '23:50-00:30')],
  [/MaintenanceWindow$/, fc.constantFrom('sun:06:00-sun:06:30', 'Mon:23:00-tue:01:00')],
  [
    /^ParameterName$/,
    fc.constantFrom('work_mem', 'max_connections', 'autovacuum', 'shared_preload_libraries'),
  ],
  [/^ParameterValue$/, fc.constantFrom('1', '64', '{DBInstanceClassMemory/1048576}', 'pg_stat_statements')],
  [/^ApplyMethod$/, fc.constantFrom('immediate', 'pending-reboot')],
  [/^MaxRecords$/, fc.constantFrom(20, 100)],
  [
    /^(ResourceName|.*Arn)$/,
    fc.constantFrom(arn('db', 'a'), arn('cluster', 'a'), arn('snapshot', 'a'), arn('es', 'a')),
  ],
  [/SnsTopicArn$/, fc.constant(`arn:aws:sns:${region}:${account}:t`)],
  [/(Identifier|Identifiers|Name|SourceIds)$/, names],
  [/^SubnetIds|SubnetIds$/, fc.constantFrom('use-subnets')],
  [
    /^(Domain|Timezone|Tde|Character|Nchar|Processor|Custom|DBSystemId|NetworkType|BackupTarget)/,
    fc.constant(undefined),
  ],
];

function usually(name: string, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const found = usual.find(([pattern]) => pattern.test(name))?.[1];
  return found ? fc.oneof({ weight: 8, arbitrary: found }, other) : other;
}

function valueOf(shape: Shape, depth: number, name = ''): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return usually(name, texts);
    case 'number':
      return usually(name, numbers);
    case 'boolean':
      return fc.boolean();
    case 'list':
      if (name.endsWith('SubnetIds')) return fc.constant(undefined).map(() => [...subnets]);
      return fc.array(valueOf(shape.element.shape, depth + 1, name), { maxLength: 2 });
    case 'map':
      return fc.dictionary(texts, valueOf(shape.value.shape, depth + 1), { maxKeys: 2 });
    case 'timestamp':
      return fc.date({ noInvalidDate: true });
    case 'structure': {
      if (depth > 3) return fc.constant({});
      const members = shape.members.map(
        (member) => [member.name, valueOf(member.shape, depth + 1, member.name)] as const,
      );
      const requiredKeys = members.slice(0, shape.requiredCount).map(([member]) => member);
      // Few of the optional members at once: each of many may be what is refused.
      return fc
        .subarray(
          members.map(([member]) => member),
          { maxLength: Math.min(8, members.length) },
        )
        .chain((chosen) => {
          const kept = new Set([...chosen, ...requiredKeys, ...essential]);
          const some = members.filter(([member]) => kept.has(member));
          return fc.record(Object.fromEntries(some), { requiredKeys: some.map(([member]) => member) });
        });
    }
    default:
      return fc.constant('AA==');
  }
}

/** Without these nothing is ever made. */
const essential = [
  'AllocatedStorage',
  'MasterUsername',
  'MasterUserPassword',
  'EngineVersion',
  'SkipFinalSnapshot',
  'UseLatestRestorableTime',
  'Description',
];

const TIMES = 2_500;

it('any input', async () => {
  const model = await loadModel('rds');
  const shapes = new ShapeGraph(model);
  const codec = await loadCodec('rds');
  const served = rds.operations.map(({ name }) => name);
  const inputs = new Map(
    served.map((name) => {
      const shape = model.operations[name]?.input;
      return [name, shape === undefined ? fc.constant({}) : valueOf(shapes.structure(shape), 0)] as const;
    }),
  );
  const calls = fc
    .constantFrom(...served)
    .chain((operation) => fc.tuple(fc.constant(operation), inputs.get(operation) ?? fc.constant({})));
  const userName = 'admin';
  const as = {
    kind: 'user',
    account,
    userName,
    userId: 'AIDAadmin',
    arn: `arn:aws:iam::${account}:user/admin`,
  } as const;
  const succeeded = new Set<string>();
  await fc.assert(
    fc.asyncProperty(calls, async ([operation, input]) => {
      const { callInside } = plane.test.plane.ports;
      try {
        const output = await callInside({
          as,
          account,
          region,
          service: 'rds',
          operation,
          input: input as object,
        });
        expect(codec.encode(operation, output, 'id').status).toBe(200);
        succeeded.add(operation);
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        expect(error.message).not.toContain('correct-horse');
      }
    }),
    { numRuns: TIMES },
  );
  expect(bugs).toEqual([]);
  // Else the inputs were too bad to tell anything.
  expect(succeeded.size).toBeGreaterThan(served.length / 2);
}, 120_000);
