// Discovery in its three forms: the legacy lists, and aggregated v2 and v2beta1 by content negotiation.
import { createHash } from 'node:crypto';
import type { Call, Plane, ResourceDefinition, WholeAnswer } from '../contract.ts';
import { parseAccept } from '../render/accept.ts';
import { jsonAnswer } from '../render/status.ts';

const AGGREGATED = 'apidiscovery.k8s.io';

/** /api and /apis. */
export function groupListAnswer(call: Call, plane: Plane): WholeAnswer {
  const core = !call.info.path.startsWith('/apis');
  const version = aggregatedVersion(call.headers.accept);
  if (version !== undefined) return aggregatedAnswer(call, plane, { core, version });
  if (core) {
    return jsonAnswer(200, {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: new URL(plane.url()).host }],
    });
  }
  const groups = groupsOf(plane, false).map((group) => apiGroup(group));
  return jsonAnswer(200, { kind: 'APIGroupList', apiVersion: 'v1', groups });
}

/** /apis/G; undefined when the group is not served. */
export function groupAnswer(plane: Plane, name: string): WholeAnswer | undefined {
  const group = groupsOf(plane, false).find((each) => each.name === name);
  return group && jsonAnswer(200, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) });
}

/** /api/v1 and /apis/G/V; undefined when the version is not served. */
export function resourceListAnswer(plane: Plane, group: string, version: string): WholeAnswer | undefined {
  const definitions = plane.resources
    .all()
    .filter((each) => each.group === group && each.version === version);
  if (definitions.length === 0) return undefined;
  return jsonAnswer(200, {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: definitions.flatMap(legacyResources),
  });
}

interface Group {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly definitions: ResourceDefinition[] }[];
}

/** Groups by name with their versions, the preferred one first. */
function groupsOf(plane: Plane, core: boolean): Group[] {
  const groups = new Map<string, Map<string, ResourceDefinition[]>>();
  for (const definition of plane.resources.all()) {
    if ((definition.group === '') !== core) continue;
    const versions = groups.get(definition.group) ?? new Map<string, ResourceDefinition[]>();
    groups.set(definition.group, versions);
    versions.set(definition.version, [...(versions.get(definition.version) ?? []), definition]);
  }
  return [...groups].map(([name, versions]) => ({
    name,
    versions: [...versions]
      .map(([version, definitions]) => ({ version, definitions }))
      .sort((left, right) => compareVersions(left.version, right.version)),
  }));
}

/** Kubernetes' priority: GA before beta before alpha, higher numbers first, other names last. */
function compareVersions(left: string, right: string): number {
  const rank = (version: string) => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return [0, 0, 0];
    const stage = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [a, b] = [rank(left), rank(right)];
  for (let i = 0; i < 3; i++) {
    const difference = (b[i] ?? 0) - (a[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left < right ? -1 : 1;
}

function apiGroup(group: Group): Record<string, unknown> {
  const versions = group.versions.map(({ version }) => ({
    groupVersion: `${group.name}/${version}`,
    version,
  }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

function legacyResources(definition: ResourceDefinition): Record<string, unknown>[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = definition;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: verbs.toSorted(),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const parts = Object.entries(definition.subresources).map(([name, part]) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...(part.group === undefined ? {} : { group: part.group, version: part.version }),
    kind: part.kind,
    verbs: Object.keys(part.handlers).toSorted(),
  }));
  return [main, ...parts];
}

function aggregatedVersion(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const range of parseAccept(accept)) {
    const { parameters } = range;
    if (range.type !== 'application/json') continue;
    if (parameters.get('g') !== AGGREGATED || parameters.get('as') !== 'APIGroupDiscoveryList') {
      if (parameters.size === 0) return undefined;
      continue;
    }
    const version = parameters.get('v');
    if (version === 'v2' || version === 'v2beta1') return version;
  }
  return undefined;
}

function aggregatedAnswer(
  call: Call,
  plane: Plane,
  wanted: { readonly core: boolean; readonly version: 'v2' | 'v2beta1' },
): WholeAnswer {
  const items = groupsOf(plane, wanted.core).map((group) => ({
    metadata: { name: group.name, creationTimestamp: null },
    versions: group.versions.map(({ version, definitions }) => ({
      version,
      freshness: 'Current',
      resources: definitions.map(aggregatedResource),
    })),
  }));
  const apiVersion = `${AGGREGATED}/${wanted.version}`;
  const body = `${JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion, metadata: {}, items })}\n`;
  const etag = `"${createHash('sha256').update(body).digest('hex').toUpperCase()}"`;
  const headers = {
    'Content-Type': `application/json;g=${AGGREGATED};v=${wanted.version};as=APIGroupDiscoveryList`,
    ETag: etag,
    Vary: 'Accept',
    'Cache-Control': 'public',
  };
  if (call.headers['if-none-match'] === etag) return { status: 304, headers, body: '' };
  return { status: 200, headers, body };
}

function aggregatedResource(definition: ResourceDefinition): Record<string, unknown> {
  const { group, version, plural, singular, namespaced, kind, verbs, shortNames, categories } = definition;
  const subresources = Object.entries(definition.subresources).map(([name, part]) => ({
    subresource: name,
    responseKind: { group: part.group ?? group, version: part.version ?? version, kind: part.kind },
    verbs: Object.keys(part.handlers).toSorted(),
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbs.toSorted(),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
