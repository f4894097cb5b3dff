// POST …/serviceaccounts/x/token: a token for that account, for chosen audiences, bound to an object if wanted.
import { isRecord } from '@pergola/kernel';
import type { Handler, Plane } from '../contract.ts';
import { type FieldFault, faults, fieldFaults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { decodeBody } from '../request/body.ts';
import { findObject } from '../storage/objects.ts';
import { addWarning, timestamp } from '../verbs/write.ts';

const GROUP = 'authentication.k8s.io';
const SECONDS_MIN = 600;
const SECONDS_DEFAULT = 3600;
const SECONDS_REQUEST_MAX = 2 ** 32;
/** OpenShift's service-account-max-token-expiration has no bound; a year keeps tokens mortal. */
const SECONDS_MAX = 365 * 24 * 3600;
/** The lifetime that projected volumes ask for; such tokens say when a reader should have taken the next one. */
const WARN_AFTER_SECONDS = 3607;

interface TokenSpec {
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly bound: { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
}

export const tokenRequest: Handler = async (call, definition, plane) => {
  const { namespace, name } = call.info;
  const { value } = await decodeBody(call);
  const account = findObject(
    plane,
    { group: '', plural: 'serviceaccounts', namespaced: true },
    namespace,
    name,
  );
  if (!account) throw faults.notFound({ group: '', resource: 'serviceaccounts' }, name);
  const spec = specOf(value, plane);
  const shortened = Math.min(spec.expirationSeconds, SECONDS_MAX);
  if (shortened < spec.expirationSeconds) {
    addWarning(
      call,
      `requested expiration of ${spec.expirationSeconds} seconds shortened to ${SECONDS_MAX} seconds`,
    );
  }
  const claims = { ...boundClaims(plane, account, spec), aud: spec.audiences };
  const token = await plane.tokens.mint(claims, shortened);
  return objectAnswer(call, definition, plane, {
    status: 201,
    object: {
      kind: 'TokenRequest',
      apiVersion: `${GROUP}/v1`,
      metadata: { name, namespace, creationTimestamp: timestamp(plane) },
      spec: {
        audiences: spec.audiences,
        expirationSeconds: shortened,
        boundObjectRef: spec.bound ? (bodySpec(value)['boundObjectRef'] ?? null) : null,
      },
      status: { token, expirationTimestamp: timestamp(plane, shortened) },
    },
  });
};

function bodySpec(value: unknown): Record<string, unknown> {
  return isRecord(value) && isRecord(value['spec']) ? value['spec'] : {};
}

/** Throws 422 for lifetimes that are out of bounds. */
function specOf(value: unknown, plane: Plane): TokenSpec {
  const spec = bodySpec(value);
  const audiences = Array.isArray(spec['audiences']) ? spec['audiences'].map(String) : [];
  const seconds = spec['expirationSeconds'] ?? SECONDS_DEFAULT;
  const errors = lifetimeFaults(seconds);
  if (errors.length > 0) throw faults.invalid({ group: GROUP, kind: 'TokenRequest' }, '', errors);
  return {
    audiences: audiences.length > 0 ? audiences : [plane.tokens.issuer],
    expirationSeconds: Number(seconds),
    bound: boundReference(spec['boundObjectRef']),
  };
}

function lifetimeFaults(seconds: unknown): FieldFault[] {
  const field = 'spec.expirationSeconds';
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < SECONDS_MIN) {
    return [fieldFaults.invalid(field, seconds, 'may not specify a duration less than 10 minutes')];
  }
  if (seconds <= SECONDS_REQUEST_MAX) return [];
  return [fieldFaults.invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')];
}

function boundReference(reference: unknown): TokenSpec['bound'] {
  if (!isRecord(reference)) return undefined;
  const text = (name: string) => String(reference[name] ?? '');
  return { kind: text('kind'), name: text('name'), uid: text('uid') };
}

/** `sub` and the `kubernetes.io` claim; throws 400, 404 and 409 for objects that cannot be bound to. */
function boundClaims(plane: Plane, account: KubeObject, spec: TokenSpec): Record<string, unknown> {
  const { namespace = '', name, uid } = account.metadata;
  const kubernetes: Record<string, unknown> = { namespace, serviceaccount: { name, uid } };
  if (spec.bound) Object.assign(kubernetes, boundThing(plane, account, spec.bound));
  if (spec.expirationSeconds === WARN_AFTER_SECONDS) {
    kubernetes['warnafter'] = Math.floor(plane.clock.nowMs() / 1000) + WARN_AFTER_SECONDS;
  }
  return { sub: `system:serviceaccount:${namespace}:${name}`, 'kubernetes.io': kubernetes };
}

const BINDABLE: Readonly<Record<string, { readonly plural: string; readonly namespaced: boolean }>> = {
  Pod: { plural: 'pods', namespaced: true },
  Secret: { plural: 'secrets', namespaced: true },
  Node: { plural: 'nodes', namespaced: false },
};

function boundThing(
  plane: Plane,
  account: KubeObject,
  bound: NonNullable<TokenSpec['bound']>,
): Record<string, unknown> {
  const kind = Object.hasOwn(BINDABLE, bound.kind) ? BINDABLE[bound.kind] : undefined;
  if (!kind) {
    throw faults.badRequest(
      `cannot bind token for serviceaccount to object ${bound.kind}: kind is not supported`,
    );
  }
  const resource = { group: '', resource: kind.plural };
  const { namespace = '', name } = account.metadata;
  const found = findObject(plane, { group: '', ...kind }, namespace, bound.name);
  if (!found) throw faults.notFound(resource, bound.name);
  if (bound.uid !== '' && bound.uid !== found.metadata.uid) {
    throw faults.conflict(
      resource,
      bound.name,
      `the UID in the bound object reference (${bound.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const reference = { name: bound.name, uid: found.metadata.uid };
  if (bound.kind !== 'Pod') return { [bound.kind.toLowerCase()]: reference };
  const spec = isRecord(found['spec']) ? found['spec'] : {};
  if (spec['serviceAccountName'] !== name) {
    throw faults.badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(name)} to pod running with different serviceaccount name.`,
    );
  }
  return { pod: reference, ...nodeClaim(plane, spec['nodeName']) };
}

function nodeClaim(plane: Plane, nodeName: unknown): Record<string, unknown> {
  if (typeof nodeName !== 'string' || nodeName === '') return {};
  const node = findObject(plane, { group: '', plural: 'nodes', namespaced: false }, '', nodeName);
  return { node: { name: nodeName, ...(node ? { uid: node.metadata.uid } : {}) } };
}
