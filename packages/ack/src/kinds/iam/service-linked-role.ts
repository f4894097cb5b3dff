// ServiceLinkedRole: a role that a service of AWS made for itself. AWS names it, so it is found by its path.
import type { Dealings, KindDescription, Raw } from '../../kind/description.ts';
import { isObject } from '../../kind/values/to-aws.ts';
import { iam, terminal } from './service.ts';

async function find({ call, find: lookUp, field }: Dealings): Promise<Raw | undefined> {
  const service = field('AWSServiceName');
  if (service === undefined) return undefined;
  const suffix = field('CustomSuffix');
  const known = lookUp('$RoleName');
  const { Roles } = await call('ListRoles', { PathPrefix: `/aws-service-role/${String(service)}/` });
  const roles = (Array.isArray(Roles) ? Roles : []).filter(isObject);
  const found = roles.find(({ RoleName }) => {
    if (known !== undefined) return RoleName === known;
    const [, end] = String(RoleName).split('_');
    return end === suffix;
  });
  if (!found) return undefined;
  const { Role } = await call('GetRole', { RoleName: found['RoleName'] });
  return isObject(Role) ? Role : found;
}

export const serviceLinkedRole: KindDescription = {
  service: iam,
  kind: 'ServiceLinkedRole',
  identity: 'AWSServiceName',
  fields: {
    AWSServiceName: { immutable: true, compare: 'never' },
    CustomSuffix: { immutable: true, compare: 'never' },
  },
  create: [{ operation: 'CreateServiceLinkedRole', at: 'Role' }],
  read: [],
  update: [{ operation: 'UpdateRole', input: { RoleName: '$RoleName' } }],
  remove: [{ operation: 'DeleteServiceLinkedRole', input: { RoleName: '$RoleName' } }],
  gone: ['NoSuchEntity'],
  terminal,
  columns: [{ name: 'ROLE', path: '.status.roleName' }],
  ways: { operations: ['ListRoles', 'GetRole'], find },
};
