// DBClusterParameterGroup: settings of database clusters.
import type { KindDescription } from '../../kind/description.ts';
import { type ParameterCalls, parameterFields, parameterWays } from './parameter-groups.ts';
import { askedTags, rds, terminal } from './service.ts';

const calls: ParameterCalls = {
  describe: 'DescribeDBClusterParameters',
  modify: 'ModifyDBClusterParameterGroup',
  reset: 'ResetDBClusterParameterGroup',
  name: 'DBClusterParameterGroupName',
};

export const dbClusterParameterGroup: KindDescription = {
  service: rds,
  kind: 'DBClusterParameterGroup',
  identity: 'Name',
  renames: { DBClusterParameterGroupName: 'Name', DBParameterGroupFamily: 'Family' },
  fields: {
    ...parameterFields(calls),
    Parameters: {
      from: 'ModifyDBClusterParameterGroup.Parameters',
      compare: 'never',
      description: 'Not used: say parameterOverrides.',
    },
  },
  create: [{ operation: 'CreateDBClusterParameterGroup', at: 'DBClusterParameterGroup' }],
  read: [
    {
      operation: 'DescribeDBClusterParameterGroups',
      input: { DBClusterParameterGroupName: '$Name' },
      at: 'DBClusterParameterGroups[0]',
      absent: ['DBParameterGroupNotFound', 'DBClusterParameterGroupNotFound'],
    },
  ],
  tags: askedTags,
  remove: [{ operation: 'DeleteDBClusterParameterGroup', input: { DBClusterParameterGroupName: '$Name' } }],
  gone: ['DBParameterGroupNotFound'],
  terminal,
  columns: [{ name: 'FAMILY', path: '.spec.family' }],
  ways: parameterWays(calls),
};
