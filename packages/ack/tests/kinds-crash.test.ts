// A controller that dies after any of its calls: the next one finds what was done, and does the rest.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineHost } from '../../engines/src/index.ts';
import type { AwsCall, Kind, Wanted } from '../src/kind/kind.ts';
import { loadKinds } from '../src/kinds/index.ts';
import { leftOver, startTestAws, type TestAws, want } from './kind-life.ts';
import { readSamples } from './samples.ts';
import { openTestEngines } from './test-engines.ts';

let engines: EngineHost;
let aws: TestAws;
let kinds: readonly Kind[];

beforeAll(async () => {
  engines = await openTestEngines();
  aws = await startTestAws(engines);
  kinds = await loadKinds();
});
afterAll(async () => {
  await aws[Symbol.asyncDispose]();
  await engines[Symbol.asyncDispose]();
});

class Killed extends Error {}

/** Dies when it has made so many calls that change something: whoever called does not learn the answer. */
function dyingAfter(call: AwsCall, writes: number): AwsCall {
  let left = writes;
  return async (operation, input) => {
    const output = await call(operation, input);
    if (!/^(?:Describe|Get|List|Head)/.test(operation) && --left === 0) throw new Killed();
    return output;
  };
}

async function step(kind: Kind, call: AwsCall, wanted: Wanted): Promise<boolean> {
  const observed = (await kind.read(call, wanted)) ?? (await kind.create(call, wanted));
  const isReady = kind.progressOf(observed).state === 'ready';
  const differences = kind.compare(wanted, observed);
  if (isReady && differences.length > 0) await kind.update(call, { wanted, observed, differences });
  return isReady && differences.length === 0;
}

async function untilDone(kind: Kind, call: AwsCall, wanted: Wanted): Promise<void> {
  await expect.poll(() => step(kind, call, wanted)).toBe(true);
}

/** True when it died before it was done. */
async function dies(kind: Kind, call: AwsCall, dying: AwsCall, wanted: Wanted): Promise<boolean> {
  for (;;) {
    try {
      if (await step(kind, dying, wanted)) return false;
    } catch (error) {
      if (error instanceof Killed) return true;
      throw error;
    }
    await expect
      .poll(async () => {
        const observed = await kind.read(call, wanted);
        return observed && kind.progressOf(observed).state;
      })
      .toBe('ready');
  }
}

test.each([
  'iam/Role',
  'iam/Policy',
  'iam/User',
  'cloudwatchlogs/LogGroup',
  'dynamodb/Table',
  'rds/DBParameterGroup',
  'rds/DBInstance',
  'elasticache/ReplicationGroup',
])('a %s comes to be as wanted wherever its making was cut off', async (name) => {
  const [service, wantedKind] = name.split('/');
  const sample = readSamples().find(
    ({ apiVersion, kind }) => apiVersion.startsWith(`${service}.`) && kind === wantedKind,
  );
  const kind = kinds.find(({ group, kind: of }) => group.startsWith(`${service}.`) && of === wantedKind);
  if (!kind || !sample) throw new Error(name);
  const call = aws.callOf(kind);
  const secrets = Object.fromEntries(kind.secrets.map((path) => [path, 'a-long-enough-secret']));
  let cuts = 0;
  for (let writes = 1; ; writes++) {
    const own = `${String(sample.spec[kind.nameField]).replaceAll('/', '')}-${writes}`;
    const wanted = want({ ...sample.spec, ...secrets, [kind.nameField]: own });
    if (!(await dies(kind, call, dyingAfter(call, writes), wanted))) break;
    cuts++;
    await untilDone(kind, call, wanted);
    expect(await leftOver(kind, call, wanted)).toEqual([]);
  }
  expect(cuts).toBeGreaterThan(0);
});
