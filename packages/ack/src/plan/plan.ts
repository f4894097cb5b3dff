// What applying manifests would do to AWS, found out by the steps of the controller itself, without a write anywhere.
import { AwsError, type AwsTarget, type CredentialSource } from '@pergola/aws-client';
import { runSteps, type Step } from '@pergola/controller-kit';
import { type Clock, type Random, silentLogger } from '@pergola/kernel';
import { createKubeClient, type KubeClient, type KubeResource } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import { AwsAccess, type CallAws } from '../runtime/aws/aws-access.ts';
import { describeAwsError } from '../runtime/aws/denial.ts';
import { Dependents } from '../runtime/cluster/dependents.ts';
import { Counters } from '../runtime/counters.ts';
import { standardResourceTags } from '../runtime/default-tags.ts';
import { messageOf } from '../runtime/faults.ts';
import { Memory } from '../runtime/memory.ts';
import { typeOf } from '../runtime/names.ts';
import { Owners } from '../runtime/owners.ts';
import { type AckContext, Run } from '../runtime/run.ts';
import type { DeletionPolicy } from '../runtime/settings.ts';
import { identify } from '../runtime/steps/reconcile-identity.ts';
import { observe } from '../runtime/steps/reconcile-observation.ts';
import { fillReferences } from '../runtime/steps/reconcile-references.ts';
import { fillSecrets } from '../runtime/steps/reconcile-secrets.ts';
import { openSession } from '../runtime/steps/reconcile-session.ts';
import { readSettings } from '../runtime/steps/reconcile-settings.ts';
import { addDefaultTags } from '../runtime/steps/reconcile-tags.ts';
import { Turns } from '../runtime/turns.ts';
import { isRead } from '../runtime/aws/operation-type.ts';
import { decide, type Decision, nothing } from './decision.ts';
import { groupOf, PlanLookup } from './plan-lookup.ts';
import { schemaFaults } from './schema-faults.ts';

export interface PlanOptions {
  readonly kinds: readonly Kind[];
  /** Manifests, and what they need beside them: Secrets, Namespaces. */
  readonly objects: readonly KubeResource[];
  /** Only read from. Absent: nothing is known of the cluster. */
  readonly client: KubeClient | undefined;
  readonly aws: AwsTarget & { readonly credentials: CredentialSource };
  readonly callAws?: CallAws | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Of objects that name none. Default `default`. */
  readonly namespace?: string | undefined;
  readonly systemNamespace?: string | undefined;
  readonly deletionPolicy?: DeletionPolicy | undefined;
  readonly resourceTags?: readonly string[] | undefined;
}

export interface PlannedResource extends Decision {
  readonly kind: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly arn: string | undefined;
  /** IAM actions that all this needs. */
  readonly permissions: readonly string[];
}

const readSteps: readonly Step<Run>[] = [
  { name: 'settings', run: readSettings },
  { name: 'session', run: openSession },
  { name: 'references', run: fillReferences },
  { name: 'secrets', run: fillSecrets },
  { name: 'tags', run: addDefaultTags },
  { name: 'identity', run: identify },
  { name: 'observation', run: observe },
];

/** One entry for each object of a known kind, in their order, and for each of a group that has no such kind. */
export async function planResources(options: PlanOptions): Promise<readonly PlannedResource[]> {
  const context = contextOf(options);
  const planned: PlannedResource[] = [];
  for (const object of options.objects) {
    const kind = options.kinds.find((each) => each.kind === object.kind && each.group === groupOf(object));
    if (kind) planned.push(await planOne(options, context, { kind, object }));
    else if (options.kinds.some(({ group }) => group === groupOf(object))) {
      planned.push(unknownKind(options, object));
    }
  }
  return planned;
}

function unknownKind(
  { kinds, namespace: usual = 'default' }: PlanOptions,
  object: KubeResource,
): PlannedResource {
  const group = groupOf(object);
  const known = kinds.filter((kind) => kind.group === group).map(({ kind }) => kind);
  const { name, namespace = usual } = object.metadata;
  const because = `${group} has no kind ${object.kind ?? ''}; it has ${known.toSorted().join(', ')}`;
  return failure({ kind: object.kind ?? '', group, namespace, name, arn: undefined }, because);
}

type Named = Pick<PlannedResource, 'kind' | 'group' | 'namespace' | 'name' | 'arn'>;

function failure(facts: Named, because: string): PlannedResource {
  return { ...facts, ...nothing, action: 'fail', because, permissions: [] };
}

interface Manifest {
  readonly kind: Kind;
  readonly object: KubeResource;
}

async function planOne(
  options: PlanOptions,
  context: AckContext,
  manifest: Manifest,
): Promise<PlannedResource> {
  const { kind } = manifest;
  const namespace = manifest.object.metadata.namespace ?? options.namespace ?? 'default';
  const { name } = manifest.object.metadata;
  const faults = schemaFaults(kind.crd, manifest.object['spec']);
  if (faults.length > 0) {
    const facts = { kind: kind.kind, group: kind.group, namespace, name, arn: undefined };
    return failure(facts, `the API server will refuse it: ${faults.join('; ')}`);
  }
  const live = await options.client?.find(typeOf(kind), { namespace, name });
  const run = new Run(context, kind, `${namespace}/${name}`, applied(manifest.object, live, namespace));
  const facts = { kind: kind.kind, group: kind.group, namespace, name };
  try {
    const isStopped = (await runSteps(readSteps, run)) && run.settings.isPaused;
    const decision = isStopped
      ? { ...nothing, action: 'wait' as const, because: 'the annotation pause keeps the controller away' }
      : await decide(run);
    return {
      ...facts,
      arn: run.observed?.arn ?? run.wanted.arn,
      ...decision,
      permissions: permissionsOf(run, decision),
    };
  } catch (error) {
    const because = error instanceof AwsError ? describeAwsError(error) : messageOf(error);
    return failure({ ...facts, arn: run.wanted.arn }, because);
  }
}

/** What reads, and what the calls need; tags that are given at the creation need a right of their own. */
function permissionsOf({ kind, wanted }: Run, { calls }: Decision): readonly string[] {
  const isPassing = JSON.stringify(wanted.spec).includes(':role/');
  const needed = calls.flatMap((call) => kind.actionsOfCall(call));
  const others = kind.actions.filter((permission) => {
    const name = permission.slice(permission.indexOf(':') + 1);
    const isTagging = calls.length > 0 && name.includes('Tag') && !/^(Untag|Remove|Delete)/.test(name);
    return isRead(name) || isTagging;
  });
  const all = new Set([...needed, ...others]);
  return [...all].filter((permission) => permission !== 'iam:PassRole' || isPassing).toSorted();
}

/** The manifest as it would stand in the cluster: with what the controller has noted there. */
function applied(object: KubeResource, live: KubeResource | undefined, namespace: string): KubeResource {
  const annotations = { ...live?.metadata.annotations, ...object.metadata.annotations };
  const metadata = { ...live?.metadata, ...object.metadata, namespace, annotations };
  return { ...object, metadata, ...(live?.['status'] === undefined ? {} : { status: live['status'] }) };
}

function contextOf(options: PlanOptions): AckContext {
  const { aws, callAws, clock, random, client, objects, namespace = 'default', deletionPolicy } = options;
  const { systemNamespace = 'ack-system', resourceTags = standardResourceTags } = options;
  const counters = new Counters();
  return {
    // The steps of a plan write nothing; without a cluster there is nothing to be asked either.
    client: client ?? createKubeClient({ server: 'https://127.0.0.1:1', userAgent: 'pergola-ack-plan' }),
    clock,
    logger: silentLogger,
    recorder: { record: () => {}, flush: async () => {} },
    counters,
    memory: new Memory(random),
    dependents: new Dependents(),
    owners: new Owners(),
    turns: new Turns(),
    aws: new AwsAccess({ target: aws, callAws, clock, random, counters }),
    lookup: new PlanLookup({ client, objects, namespace, systemNamespace }),
    defaults: { region: aws.region, deletionPolicy },
    resourceTags,
    crossNamespace: true,
  };
}
