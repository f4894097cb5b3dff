// Rows of the small kinds outside the core group.
import { labelSelectorOf, renderLabelSelector } from '../selectors/label-selector.ts';
import { columnsOf, type KindTable } from './column.ts';
import { firstOf, simpleTable } from './core-tables.ts';
import { at, listAt, numberAt, orNone, sizeAt, textAt } from './field-access.ts';
import { humanAge } from './human-duration.ts';

/** Name and the instant of creation: for kinds without columns of their own. */
export const plainTable: KindTable = {
  columns: columnsOf('Name, Created At:date'),
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp ?? null],
};

export const roleBindingTable: KindTable = {
  columns: columnsOf('Name, Role, Age', 'Users, Groups, ServiceAccounts'),
  cells(binding, nowMs) {
    const named = (kind: string) =>
      listAt(binding, 'subjects').filter((subject) => textAt(subject, 'kind') === kind);
    const names = (kind: string) =>
      named(kind)
        .map((subject) => textAt(subject, 'name'))
        .join(', ');
    const accounts = named('ServiceAccount').map(
      (subject) => `${textAt(subject, 'namespace')}/${textAt(subject, 'name')}`,
    );
    return [
      binding.metadata.name,
      `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`,
      humanAge(binding.metadata.creationTimestamp, nowMs),
      names('User'),
      names('Group'),
      accounts.join(', '),
    ];
  },
};

export const leaseTable = simpleTable('Holder', (lease) => [textAt(lease, 'spec', 'holderIdentity')]);
export const webhookConfigurationTable = simpleTable('Webhooks:integer', (object) => [
  sizeAt(object, 'webhooks'),
]);

export const podDisruptionBudgetTable = simpleTable(
  'Min Available, Max Unavailable, Allowed Disruptions:integer',
  (budget) => [
    textAt(budget, 'spec', 'minAvailable') || 'N/A',
    textAt(budget, 'spec', 'maxUnavailable') || 'N/A',
    numberAt(budget, 'status', 'disruptionsAllowed'),
  ],
);

export const networkPolicyTable = simpleTable('Pod-Selector', (policy) => [
  orNone(renderLabelSelector(labelSelectorOf(at(policy, 'spec', 'podSelector')))),
]);

export const endpointSliceTable = simpleTable('AddressType, Ports, Endpoints', (slice) => {
  const ports = listAt(slice, 'ports').map((port) => textAt(port, 'port') || '*');
  const addresses = listAt(slice, 'endpoints').flatMap((endpoint) =>
    listAt(endpoint, 'addresses').map(String),
  );
  return [
    textAt(slice, 'addressType'),
    ports.length === 0 ? '<unset>' : firstOf(ports),
    endpointList(addresses),
  ];
});

function endpointList(addresses: readonly string[]): string {
  return addresses.length === 0 ? '<unset>' : firstOf(addresses);
}

export const projectTable: KindTable = {
  columns: columnsOf('Name, Display Name, Status'),
  cells: (project) => [
    project.metadata.name,
    project.metadata.annotations?.['openshift.io/display-name'] ?? '',
    textAt(project, 'status', 'phase'),
  ],
};
