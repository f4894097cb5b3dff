// MutatingWebhookConfiguration and ValidatingWebhookConfiguration: defaults and the rules of their clients.
import { isRecord } from '@pergola/kernel';
import type { ResourceDefinition } from '../../contract.ts';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { nameErrors } from '../../validation/names.ts';
import { records } from '../core/pod-defaults.ts';
import { defineResource } from '../define.ts';

type Fields = Record<string, unknown>;

const KNOWN_REVIEWS = ['v1', 'v1beta1'];

function configuration(kind: string, plural: string, mutating: boolean): ResourceDefinition {
  return defineResource({
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind,
    plural,
    categories: ['api-extensions'],
    namespaced: false,
    hasGeneration: true,
    strategy: {
      applyDefaults: (object) => {
        for (const webhook of webhooksOf(object)) applyWebhookDefaults(webhook, mutating);
      },
      validate: (object) => webhooksOf(object).flatMap(webhookFaults),
    },
  });
}

export const mutatingWebhookConfigurations = configuration(
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  true,
);
export const validatingWebhookConfigurations = configuration(
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  false,
);

function webhooksOf(object: KubeObject): Fields[] {
  return records(object['webhooks']);
}

/** Sets the fields that are absent. */
function setDefaults(target: Fields, defaults: Readonly<Fields>): void {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= structuredClone(value);
}

function applyWebhookDefaults(webhook: Fields, mutating: boolean): void {
  setDefaults(webhook, {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    ...(mutating ? { reinvocationPolicy: 'Never' } : {}),
  });
  for (const rule of records(webhook['rules'])) setDefaults(rule, { scope: '*' });
  const service = isRecord(webhook['clientConfig']) ? webhook['clientConfig']['service'] : undefined;
  if (isRecord(service)) setDefaults(service, { port: 443 });
}

function webhookFaults(webhook: Fields, index: number): FieldFault[] {
  const at = `webhooks[${index}]`;
  return [
    ...webhookNameFaults(String(webhook['name'] ?? ''), `${at}.name`),
    ...reviewVersionFaults(webhook['admissionReviewVersions'], `${at}.admissionReviewVersions`),
    ...behaviourFaults(webhook, at),
    ...clientFaults(webhook['clientConfig'], `${at}.clientConfig`),
  ];
}

function webhookNameFaults(name: string, field: string): FieldFault[] {
  const errors = nameErrors(name, 'subdomain').map((message) => fieldFaults.invalid(field, name, message));
  if (errors.length > 0 || name.split('.').length >= 3) return errors;
  return [
    fieldFaults.invalid(field, name, 'should be a domain with at least three segments separated by dots'),
  ];
}

function reviewVersionFaults(value: unknown, field: string): FieldFault[] {
  const versions = Array.isArray(value) ? value : [];
  const known = KNOWN_REVIEWS.join(', ');
  if (versions.length === 0) return [fieldFaults.required(field, `must specify one of ${known}`)];
  if (versions.some((version) => KNOWN_REVIEWS.includes(version))) return [];
  return [fieldFaults.invalid(field, versions, `must include at least one of ${known}`)];
}

function behaviourFaults(webhook: Fields, at: string): FieldFault[] {
  const errors: FieldFault[] = [];
  const { sideEffects } = webhook;
  if (sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun') {
    errors.push(fieldFaults.unsupported(`${at}.sideEffects`, sideEffects ?? null, ['None', 'NoneOnDryRun']));
  }
  const timeout = Number(webhook['timeoutSeconds']);
  if (!(timeout >= 1 && timeout <= 30)) {
    const why = 'the timeout value must be between 1 and 30 seconds';
    errors.push(fieldFaults.invalid(`${at}.timeoutSeconds`, timeout, why));
  }
  if (records(webhook['matchConditions']).length > 0) {
    const why = 'match conditions (CEL) are not implemented by this server';
    errors.push(fieldFaults.forbidden(`${at}.matchConditions`, why));
  }
  return errors;
}

function clientFaults(client: unknown, at: string): FieldFault[] {
  const { url, service } = isRecord(client) ? client : ({} as Fields);
  if ((url === undefined) === (service === undefined)) {
    return [fieldFaults.required(at, 'exactly one of url or service is required')];
  }
  if (typeof url !== 'string') return [];
  if (!URL.canParse(url)) return [fieldFaults.required(`${at}.url`, 'host must be specified')];
  const parsed = new URL(url);
  const problems = [
    ...(parsed.protocol === 'https:' ? [] : ["'https' is the only allowed URL scheme"]),
    ...(parsed.username === '' && parsed.password === ''
      ? []
      : ['user information is not permitted in the URL']),
    ...(parsed.hash === '' ? [] : ['fragments are not permitted in the URL']),
    ...(parsed.search === '' ? [] : ['query parameters are not permitted in the URL']),
  ];
  return problems.map((message) => fieldFaults.invalid(`${at}.url`, url, message));
}
