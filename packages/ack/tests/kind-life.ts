// Kinds against the real AWS plane: calls through the real client, each one noted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callOperation } from '@pergola/aws-client';
import type { ServiceName } from '@pergola/aws-model';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '../../store/src/index.ts';
import { type AwsPlaneOptions, startAwsPlane } from '../../aws-plane/src/index.ts';
import type { AwsCall, Kind, Observed, Wanted } from '../src/kind/kind.ts';
import { loadKinds } from '../src/kinds/index.ts';

export const account = '123456789012';

export interface NotedCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface TestAws extends AsyncDisposable {
  callOf(kind: Kind): AwsCall;
  /** Not noted. */
  call(service: ServiceName, operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  /** Since the last time it was emptied. */
  readonly calls: NotedCall[];
  /** Operations of `calls` that are no reading. */
  writes(): readonly string[];
}

export async function startTestAws(engines?: AwsPlaneOptions['engines']): Promise<TestAws> {
  const path = mkdtempSync(join(tmpdir(), 'pergola-ack-'));
  const disposal = new Disposal();
  disposal.defer(() => rmSync(path, { recursive: true, force: true }));
  const store = disposal.use(openStore({ path: join(path, 'store'), durability: 'ephemeral' }));
  const foundation = { store, clock: systemClock, random: systemRandom, logger: silentLogger };
  const plane = disposal.use(await startAwsPlane({ ...foundation, dataDir: path, port: 0, engines }));
  const target = {
    endpoint: plane.url,
    credentials: plane.administrator,
    region: 'us-east-1',
    clock: systemClock,
  };
  const calls: NotedCall[] = [];
  return {
    calls,
    writes: () =>
      calls.map(({ operation }) => operation).filter((name) => !/^(?:Get|Describe|List|Head)/.test(name)),
    call: async (service, operation, input) =>
      (await callOperation(target, { service, operation, input })).output,
    callOf: (kind) => async (operation, input) => {
      calls.push({ operation, input });
      return (await callOperation(target, { service: kind.service, operation, input })).output;
    },
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

export async function kindNamed(service: string, name: string): Promise<Kind> {
  const found = (await loadKinds([service])).find(({ kind }) => kind === name);
  if (!found) throw new Error(`no kind ${service}/${name}`);
  return found;
}

export function want(spec: Wanted['spec'], changes: Partial<Wanted> = {}): Wanted {
  return {
    spec,
    status: {},
    arn: undefined,
    defaultTags: { 'services.k8s.aws/namespace': 'default' },
    account,
    region: 'us-east-1',
    partition: 'aws',
    changedSecrets: [],
    ...changes,
  };
}

/** Reads, and makes what is asked for so; gives what AWS has then. */
export async function settle(kind: Kind, call: AwsCall, wanted: Wanted): Promise<Observed> {
  const observed = await kind.read(call, wanted);
  if (!observed) return await kind.create(call, wanted);
  const differences = kind.compare(wanted, observed);
  return differences.length === 0 ? observed : await kind.update(call, { wanted, observed, differences });
}

/** What a second application would change: nothing, when all is well. */
export async function leftOver(kind: Kind, call: AwsCall, wanted: Wanted): Promise<readonly string[]> {
  const observed = await kind.read(call, wanted);
  if (!observed) return ['it does not exist'];
  return kind.compare(wanted, observed).map(({ path }) => path);
}
