// Event in its two shapes: core/v1, which is stored, and events.k8s.io/v1, a view with other field names.
import type { KubeObject } from '../../object.ts';
import { defineResource } from '../define.ts';

interface ObjectReference {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

/** Fields of the involved object that selectors may use. */
const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

const strategy = {
  fieldValues(object: KubeObject): Record<string, string> {
    const involved = (object['involvedObject'] ?? object['regarding'] ?? {}) as ObjectReference;
    const source = (object['source'] ?? object['deprecatedSource'] ?? {}) as { component?: string };
    const reporter = String(object['reportingComponent'] ?? object['reportingController'] ?? '');
    return {
      ...Object.fromEntries(INVOLVED.map((name) => [`involvedObject.${name}`, involved[name] ?? ''])),
      reason: String(object['reason'] ?? ''),
      reportingComponent: reporter,
      source: source.component || reporter,
      type: String(object['type'] ?? ''),
    };
  },
};

const shared = {
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  createOnUpdate: true,
} as const;

export const events = defineResource({ group: '', version: 'v1', ...shared, strategy });

/** Core field → events.k8s.io field. */
const RENAMED: readonly (readonly [string, string])[] = [
  ['message', 'note'],
  ['involvedObject', 'regarding'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

export const eventsView = defineResource({
  group: 'events.k8s.io',
  version: 'v1',
  ...shared,
  storedAs: { group: '', plural: 'events' },
  strategy,
  fromStored: (object) => renamed(object, 'events.k8s.io/v1', RENAMED),
  toStored: (object) =>
    renamed(
      object,
      'v1',
      RENAMED.map(([core, view]) => [view, core]),
    ),
});

function renamed(
  object: KubeObject,
  apiVersion: string,
  names: readonly (readonly [string, string])[],
): KubeObject {
  const to = new Map(names);
  const fields = Object.entries(object).map(([name, value]) => [to.get(name) ?? name, value]);
  return { ...(Object.fromEntries(fields) as KubeObject), apiVersion };
}
