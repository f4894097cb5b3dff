// InstanceProfile: what lets instances become a role.
import type { Dealings, KindDescription } from '../../kind/description.ts';
import { select } from '../../kind/values/select.ts';
import { iam, tagsOf, terminal } from './service.ts';

const name = { InstanceProfileName: '$Name' };

async function dropRole({ call, find, resource }: Dealings): Promise<void> {
  const RoleName = select(resource, 'Roles[0].RoleName');
  if (RoleName === undefined) return;
  await call('RemoveRoleFromInstanceProfile', { InstanceProfileName: find('$Name'), RoleName });
}

export const instanceProfile: KindDescription = {
  service: iam,
  kind: 'InstanceProfile',
  identity: 'Name',
  renames: { InstanceProfileName: 'Name' },
  ignore: ['Roles'],
  fields: {
    Name: { replace: true },
    Path: { immutable: true },
    Role: {
      type: 's',
      observe: 'Roles[0].RoleName',
      reference: { kind: 'Role', path: 'spec.name' },
      description: 'The name of the role.',
    },
  },
  create: [{ operation: 'CreateInstanceProfile', at: 'InstanceProfile' }],
  read: [{ operation: 'GetInstanceProfile', input: name, at: 'InstanceProfile', absent: ['NoSuchEntity'] }],
  tags: tagsOf('InstanceProfile', name),
  remove: [{ operation: 'DeleteInstanceProfile', input: name }],
  terminal,
  columns: [{ name: 'ROLE', path: '.spec.role' }],
  ways: {
    operations: ['AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile', 'iam:PassRole'],
    update: {
      Role: async (dealings) => {
        await dropRole(dealings);
        const RoleName = dealings.field('Role');
        if (RoleName === undefined || RoleName === '') return;
        const InstanceProfileName = dealings.find('$Name');
        await dealings.call('AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
      },
    },
    beforeRemove: dropRole,
  },
};
