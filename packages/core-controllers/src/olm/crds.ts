// The CustomResourceDefinitions of the Operator Lifecycle Manager. Required fields and enums are OLM's; below them
// whatever its API knows is kept. Source: operator-framework/api, crds/.
import { olmGroup } from './kinds.ts';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const record = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  ...(required.length > 0 ? { required } : {}),
  properties,
  'x-kubernetes-preserve-unknown-fields': true,
});
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });

interface Column {
  readonly name: string;
  readonly jsonPath: string;
  readonly type?: string;
  readonly description?: string;
}

interface KindFacts {
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly group?: string;
  readonly shortNames?: readonly string[];
  readonly columns: readonly Column[];
  readonly spec: Schema;
}

const kinds: readonly KindFacts[] = [
  {
    version: 'v1alpha1',
    plural: 'subscriptions',
    kind: 'Subscription',
    shortNames: ['sub', 'subs'],
    columns: [
      { name: 'Package', jsonPath: '.spec.name' },
      { name: 'Source', jsonPath: '.spec.source' },
      { name: 'Channel', jsonPath: '.spec.channel' },
    ],
    spec: record(
      {
        name: text,
        channel: text,
        source: text,
        sourceNamespace: text,
        startingCSV: text,
        installPlanApproval: text,
        config: open,
      },
      ['name', 'source', 'sourceNamespace'],
    ),
  },
  {
    version: 'v1alpha1',
    plural: 'installplans',
    kind: 'InstallPlan',
    shortNames: ['ip'],
    columns: [
      { name: 'CSV', jsonPath: '.spec.clusterServiceVersionNames[0]' },
      { name: 'Approval', jsonPath: '.spec.approval' },
      { name: 'Approved', jsonPath: '.spec.approved', type: 'boolean' },
    ],
    spec: record({ approval: text, approved: flag, clusterServiceVersionNames: listOf(text), source: text }, [
      'approval',
      'approved',
      'clusterServiceVersionNames',
    ]),
  },
  {
    version: 'v1alpha1',
    plural: 'clusterserviceversions',
    kind: 'ClusterServiceVersion',
    shortNames: ['csv', 'csvs'],
    columns: [
      { name: 'Display', jsonPath: '.spec.displayName' },
      { name: 'Version', jsonPath: '.spec.version' },
      { name: 'Replaces', jsonPath: '.spec.replaces' },
      { name: 'Phase', jsonPath: '.status.phase' },
    ],
    spec: record(
      {
        displayName: text,
        version: text,
        replaces: text,
        skips: listOf(text),
        install: record({ strategy: text, spec: open }, ['strategy']),
        installModes: listOf(record({ type: text, supported: flag }, ['type', 'supported'])),
      },
      ['displayName', 'install'],
    ),
  },
  {
    version: 'v1alpha1',
    plural: 'catalogsources',
    kind: 'CatalogSource',
    shortNames: ['catsrc'],
    columns: [
      { name: 'Display', jsonPath: '.spec.displayName' },
      { name: 'Type', jsonPath: '.spec.sourceType' },
      { name: 'Publisher', jsonPath: '.spec.publisher' },
      { name: 'Age', jsonPath: '.metadata.creationTimestamp', type: 'date' },
    ],
    spec: record({ sourceType: text, displayName: text, publisher: text }, ['sourceType']),
  },
  {
    version: 'v1',
    plural: 'operatorgroups',
    kind: 'OperatorGroup',
    shortNames: ['og'],
    columns: [],
    spec: record({
      targetNamespaces: listOf(text),
      selector: open,
      serviceAccountName: text,
      staticProvidedAPIs: flag,
      upgradeStrategy: oneOf('Default', 'TechPreviewUnsafeFailForward'),
    }),
  },
  {
    version: 'v1',
    plural: 'packagemanifests',
    kind: 'PackageManifest',
    group: 'packages.operators.coreos.com',
    columns: [
      { name: 'Catalog', jsonPath: '.status.catalogSourceDisplayName' },
      { name: 'Age', jsonPath: '.metadata.creationTimestamp', type: 'date' },
    ],
    spec: open,
  },
];

/** All of them, ready to be created. */
export const olmCrds: readonly object[] = kinds.map(crdOf);

function crdOf(facts: KindFacts): object {
  const { version, plural, kind, group = olmGroup, shortNames = [], columns, spec } = facts;
  const needsSpec = kind !== 'OperatorGroup' && kind !== 'PackageManifest';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        plural,
        kind,
        listKind: `${kind}List`,
        singular: kind.toLowerCase(),
        shortNames,
        categories: group === olmGroup ? ['olm'] : [],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          // OLM's own server of PackageManifests keeps their status where everything is written at once.
          ...(kind === 'PackageManifest' ? {} : { subresources: { status: {} } }),
          additionalPrinterColumns: columns.map((column) => ({ type: 'string', ...column })),
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: needsSpec ? ['metadata', 'spec'] : ['metadata'],
              properties: { apiVersion: text, kind: text, metadata: { type: 'object' }, spec, status: open },
            },
          },
        },
      ],
    },
  };
}
