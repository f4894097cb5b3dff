// DBParameterGroup: settings of database servers.
import type { KindDescription } from '../../kind/description.ts';
import { type ParameterCalls, parameterFields, parameterWays } from './parameter-groups.ts';
import { askedTags, rds, terminal } from './service.ts';

const calls: ParameterCalls = {
  describe: 'DescribeDBParameters',
  modify: 'ModifyDBParameterGroup',
  reset: 'ResetDBParameterGroup',
  name: 'DBParameterGroupName',
};

export const dbParameterGroup: KindDescription = {
  service: rds,
  kind: 'DBParameterGroup',
  identity: 'Name',
  renames: { DBParameterGroupName: 'Name', DBParameterGroupFamily: 'Family' },
  fields: parameterFields(calls),
  create: [{ operation: 'CreateDBParameterGroup', at: 'DBParameterGroup' }],
  read: [
    {
      operation: 'DescribeDBParameterGroups',
      input: { DBParameterGroupName: '$Name' },
      at: 'DBParameterGroups[0]',
      absent: ['DBParameterGroupNotFound'],
    },
  ],
  tags: askedTags,
  remove: [{ operation: 'DeleteDBParameterGroup', input: { DBParameterGroupName: '$Name' } }],
  terminal,
  columns: [{ name: 'FAMILY', path: '.spec.family' }],
  ways: parameterWays(calls),
};
