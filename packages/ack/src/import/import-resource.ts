// The manifest of a resource that exists in AWS: applied, the controller takes the resource over as it is.
import type { AwsTarget, CredentialSource } from '@pergola/aws-client';
import { type Clock, isRecord, type Random } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import type { Json, JsonObject, Kind, Observed, Wanted } from '../kind/kind.ts';
import { AwsAccess, type CallAws } from '../runtime/aws/aws-access.ts';
import { Counters } from '../runtime/counters.ts';
import { resourceAnnotations } from '../runtime/names.ts';

export interface ImportOptions {
  readonly kind: Kind;
  /** Name in AWS, or the ARN. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly aws: AwsTarget & { readonly credentials: CredentialSource };
  readonly callAws?: CallAws | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Imported {
  readonly manifest: KubeResource;
  /** Fields for which a Secret can be named: AWS tells nobody what stands in them. */
  readonly secrets: readonly string[];
}

/** Undefined when AWS has no such resource. Rejects with AwsError, and with Error when the kind has no such name. */
export async function importResource(options: ImportOptions): Promise<Imported | undefined> {
  const { kind, name, aws, callAws, clock, random } = options;
  const access = new AwsAccess({ target: aws, callAws, clock, random, counters: new Counters() });
  const caller = await access.caller();
  const fields = { [name.startsWith('arn:') ? 'arn' : kind.nameField]: name };
  const identity = kind.identify(fields);
  const wanted: Wanted = {
    ...identity,
    ...caller,
    region: aws.region,
    defaultTags: {},
    changedSecrets: [],
    everything: true,
  };
  const call = access.callFor(
    kind,
    { region: aws.region, endpoint: undefined, roleArn: undefined },
    () => {},
  );
  const observed = await kind.read(call, wanted);
  if (observed === undefined) return undefined;
  return { manifest: manifestOf(options, observed, fields), secrets: kind.secrets };
}

function manifestOf(
  { kind, namespace, name, aws }: ImportOptions,
  observed: Observed,
  fields: Readonly<Record<string, string>>,
): KubeResource {
  const own = observed.spec[kind.nameField];
  const annotations = {
    [resourceAnnotations.adoptionPolicy]: 'adopt',
    [resourceAnnotations.adoptionFields]: JSON.stringify(fields),
    [resourceAnnotations.region]: aws.region,
  };
  return {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: {
      name: kubeName(typeof own === 'string' ? own : name),
      ...(namespace === undefined ? {} : { namespace }),
      annotations,
    },
    spec: withoutEmpty(withoutForeignTags(kind, observed.spec)),
  };
}

/** A name that Kubernetes takes: lower case letters, digits and dashes. */
function kubeName(name: string): string {
  const text = name.slice(name.lastIndexOf(':') + 1).toLowerCase();
  const clean = text.replaceAll(/[^a-z0-9.-]+/g, '-').replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return clean.slice(0, 253) || 'imported';
}

/** What says nothing is left out, so that only what matters stands in the manifest. */
function withoutEmpty(value: JsonObject): JsonObject {
  const kept = Object.entries(value).flatMap(([name, each]): [string, Json][] => {
    if (each === undefined || each === null || each === '') return [];
    if (Array.isArray(each)) return each.length === 0 ? [] : [[name, each]];
    if (!isRecord(each)) return [[name, each]];
    const inner = withoutEmpty(each);
    return Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(kept);
}

const foreignTag = /^(aws:|services\.k8s\.aws\/(controller-version|namespace)$)/;

/** Tags of AWS and of a controller are not the user's. */
function withoutForeignTags(kind: Kind, spec: JsonObject): JsonObject {
  if (kind.tagsPath === undefined) return spec;
  return changeAt(spec, kind.tagsPath.split('.'), (tags) => {
    if (Array.isArray(tags)) {
      return tags.filter((tag: unknown) => !isRecord(tag) || !foreignTag.test(String(tag['key'] ?? '')));
    }
    if (!isRecord(tags)) return tags;
    return Object.fromEntries(Object.entries(tags).filter(([key]) => !foreignTag.test(key)));
  });
}

function changeAt(
  value: JsonObject,
  [name = '', ...rest]: readonly string[],
  change: (value: Json) => Json,
): JsonObject {
  const inner = value[name];
  if (inner === undefined) return value;
  if (rest.length === 0) return { ...value, [name]: change(inner) };
  return isRecord(inner) ? { ...value, [name]: changeAt(inner, rest, change) } : value;
}
