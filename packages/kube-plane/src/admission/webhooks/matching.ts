// Whether a webhook wants to see a request.
import type { Store } from '@pergola/store';
import type { AdmissionRequest } from '../../contract.ts';
import { labelSelectorOf } from '../../selectors/label-selector.ts';
import { findObject } from '../../storage/objects.ts';
import type { Webhook, WebhookRule } from './configuration.ts';

const NAMESPACES = { group: '', plural: 'namespaces', namespaced: false };

/** Rules, then selectors. With matchPolicy Equivalent a rule for another version of the resource matches too. */
export function wants(webhook: Webhook, request: AdmissionRequest, store: Store): boolean {
  if (isWebhookConfiguration(request)) return false;
  const equivalent = webhook.matchPolicy !== 'Exact';
  if (!webhook.rules?.some((rule) => ruleMatches(rule, request, equivalent))) return false;
  return namespaceMatches(webhook, request, store) && objectMatches(webhook, request);
}

/** Webhooks never guard their own configurations, so that a broken one can be removed. */
function isWebhookConfiguration({ definition }: AdmissionRequest): boolean {
  return definition.group === 'admissionregistration.k8s.io';
}

function ruleMatches(rule: WebhookRule, request: AdmissionRequest, equivalent: boolean): boolean {
  const { definition, operation, subresource } = request;
  const has = (list: readonly string[] | undefined, wanted: string) =>
    list?.includes('*') === true || list?.includes(wanted) === true;
  if (!has(rule.operations, operation)) return false;
  if (!has(rule.apiGroups, definition.group)) return false;
  if (!equivalent && !has(rule.apiVersions, definition.version)) return false;
  const scope = definition.namespaced ? 'Namespaced' : 'Cluster';
  if (rule.scope !== undefined && rule.scope !== '*' && rule.scope !== scope) return false;
  return (rule.resources ?? []).some((pattern) => resourceMatches(pattern, definition.plural, subresource));
}

// Patterns: a resource, a resource with one subresource or all, and the same with any resource.
function resourceMatches(pattern: string, plural: string, subresource: string): boolean {
  const [resource = '', part = ''] = pattern.split('/');
  if (resource !== '*' && resource !== plural) return false;
  return pattern.includes('/') ? part === '*' || part === subresource : subresource === '';
}

function namespaceMatches(webhook: Webhook, request: AdmissionRequest, store: Store): boolean {
  const selector = labelSelectorOf(webhook.namespaceSelector ?? {});
  if (selector.requirements.length === 0) return true;
  const isNamespace = request.definition.group === '' && request.definition.plural === 'namespaces';
  if (!request.definition.namespaced && !isNamespace) return true;
  if (isNamespace && request.operation === 'CREATE') return selector.matches(request.object?.metadata.labels);
  const name = isNamespace ? request.name : request.namespace;
  const namespace = findObject({ store }, NAMESPACES, '', name);
  return selector.matches(namespace?.metadata.labels);
}

/** Either the new or the old object may match. */
function objectMatches(webhook: Webhook, request: AdmissionRequest): boolean {
  const selector = labelSelectorOf(webhook.objectSelector ?? {});
  if (selector.requirements.length === 0) return true;
  return [request.object, request.oldObject].some(
    (object) => object && selector.matches(object.metadata.labels),
  );
}
