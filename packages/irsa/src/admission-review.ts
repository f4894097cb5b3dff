// The envelope of an admission call: decoded with the original's refusals, answered in the caller's own version.
import { isRecord, type Result, fail, ok } from '@pergola/kernel';
import type { JsonPatchOp, Pod } from './pod.ts';

const apiGroup = 'admission.k8s.io';
const versions = new Set([`${apiGroup}/v1`, `${apiGroup}/v1beta1`]);

/** A review as far as the webhook reads it. */
export interface AdmissionReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly uid: string;
  readonly namespace: string;
  readonly pod: Pod;
}

/** Why a body is no usable review; what is known of its envelope is echoed in the answer. */
export interface ReviewFault {
  readonly message: string;
  readonly apiVersion?: string;
  readonly uid?: string;
}

/** Reads an AdmissionReview (v1 or v1beta1) that carries a pod. */
export function parseReview(body: string): Result<AdmissionReview, ReviewFault> {
  let review: unknown;
  try {
    review = JSON.parse(body);
  } catch (error) {
    return fail({ message: `couldn't get version/kind; json parse error: ${(error as Error).message}` });
  }
  const fields = isRecord(review) ? review : {};
  const kind = textOf(fields['kind']);
  const apiVersion = textOf(fields['apiVersion']);
  if (kind === '') return fail({ message: `Object 'Kind' is missing in '${excerpt(body)}'` });
  if (apiVersion === '') return fail({ message: `Object 'apiVersion' is missing in '${excerpt(body)}'` });
  if (kind !== 'AdmissionReview' || !versions.has(apiVersion)) {
    return fail({ message: `no kind "${kind}" is registered for version "${apiVersion}"` });
  }
  const { request } = fields;
  if (!isRecord(request)) return fail({ message: 'bad content', apiVersion });
  const uid = textOf(request['uid']);
  const problem = podProblem(request['object']);
  if (problem) return fail({ message: problem, apiVersion, uid });
  const namespace = textOf(request['namespace']);
  return ok({ apiVersion, kind, uid, namespace, pod: request['object'] as Pod });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function excerpt(body: string): string {
  return body.length > 200 ? `${body.slice(0, 200)}...` : body;
}

/** The fields of a pod's spec that the webhook reads, and what they must be. Anything else it only copies. */
const specFields: readonly (readonly [string, (value: unknown) => boolean, string])[] = [
  ['nodeSelector', isTextMap, 'map[string]string'],
  ['serviceAccountName', (value) => typeof (value ?? '') === 'string', 'string'],
  ['containers', (value) => isListOf(value, isContainer), '[]v1.Container'],
  ['initContainers', (value) => isListOf(value, isContainer), '[]v1.Container'],
  ['volumes', (value) => isListOf(value, isRecord), '[]v1.Volume'],
];

function podProblem(object: unknown): string | undefined {
  if (object === undefined || object === null) return 'unexpected end of JSON input';
  if (!isRecord(object)) return wrongType('the object', 'v1.Pod');
  const { spec, metadata } = object;
  if (!isRecord(spec)) return wrongType('Pod.spec', 'v1.PodSpec');
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  if (!isTextMap(annotations)) return wrongType('Pod.metadata.annotations', 'map[string]string');
  const wrong = specFields.find(([field, isRight]) => !isRight(spec[field]));
  return wrong && wrongType(`Pod.spec.${wrong[0]}`, wrong[2]);
}

function wrongType(field: string, type: string): string {
  return `json: cannot unmarshal ${field} into Go value of type ${type}`;
}

function isTextMap(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(isItem));
}

function isContainer(value: unknown): boolean {
  return isRecord(value) && isListOf(value['env'], isRecord) && isListOf(value['volumeMounts'], isRecord);
}

/** The answer that lets the pod pass, with a patch where there is one. */
export function renderAllowed(review: AdmissionReview, patch: readonly JsonPatchOp[] | undefined): string {
  const { kind, apiVersion, uid } = review;
  const change = patch
    ? { patch: Buffer.from(JSON.stringify(patch)).toString('base64'), patchType: 'JSONPatch' }
    : {};
  return JSON.stringify({ kind, apiVersion, response: { uid, allowed: true, ...change } });
}

/** The answer to a body that was no usable review: not allowed, with the reason. HTTP 200 all the same. */
export function renderRefused(fault: ReviewFault): string {
  const envelope = fault.apiVersion ? { kind: 'AdmissionReview', apiVersion: fault.apiVersion } : {};
  const status = { metadata: {}, message: fault.message };
  return JSON.stringify({ ...envelope, response: { uid: fault.uid ?? '', allowed: false, status } });
}
