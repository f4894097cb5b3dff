// What the kinds of IAM are made with, changed to and held to.
import {
  GetGroupCommand,
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetUserCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import type { Life } from './life.ts';

const arnOf = (resource: string) => `arn:aws:iam::123456789012:${resource}`;
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const objectsOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
const documentOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const noKeys = documentOf({ Effect: 'Deny', Action: 'kms:*', Resource: '*' });
const trustOf = (service: string) =>
  documentOf({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });

const namesOf = (attached: readonly { PolicyArn?: string | undefined }[] = []) =>
  attached.map(({ PolicyArn }) => PolicyArn ?? '').toSorted((a, b) => a.localeCompare(b));
const tagOf = (team: string) => expect.arrayContaining([{ Key: 'team', Value: team }]) as unknown;
const document = (text: string | undefined) => JSON.parse(decodeURIComponent(text ?? 'null')) as unknown;

const role: Life = {
  kind: 'iam/Role',
  spec: { name: 'life-role' },
  async read({ iam }) {
    const named = { RoleName: 'life-role' };
    const { Role } = await iam.send(new GetRoleCommand(named));
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand(named));
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand(named));
    return {
      ...Role,
      trust: document(Role?.AssumeRolePolicyDocument),
      policies: namesOf(AttachedPolicies),
      inline: PolicyNames,
    };
  },
  made: {
    Arn: arnOf('role/life-role'),
    Description: 'Reads, and no more',
    MaxSessionDuration: 7200,
    policies: [readOnly],
    inline: ['no-secrets'],
    Tags: tagOf('web'),
  },
  changes: {
    description: 'Reads objects',
    maxSessionDuration: 3600,
    assumeRolePolicyDocument: trustOf('lambda.amazonaws.com'),
    policies: [objectsOnly],
    inlinePolicies: { 'no-secrets': null, 'no-keys': noKeys },
    permissionsBoundary: readOnly,
    tags: [{ key: 'team', value: 'api' }],
  },
  changed: {
    Description: 'Reads objects',
    MaxSessionDuration: 3600,
    trust: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] },
    policies: [objectsOnly],
    inline: ['no-keys'],
    PermissionsBoundary: { PermissionsBoundaryArn: readOnly },
    Tags: tagOf('api'),
  },
  replaced: { path: '/elsewhere/' },
};

const policy: Life = {
  kind: 'iam/Policy',
  spec: { name: 'life-policy' },
  async read({ iam }) {
    const PolicyArn = arnOf('policy/life-policy');
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return { ...Policy, document: document(PolicyVersion?.Document) };
  },
  made: {
    Description: "Reading of the app's data",
    DefaultVersionId: 'v1',
    document: { Statement: [{ Action: ['s3:GetObject', 's3:ListBucket'] }] },
    Tags: tagOf('web'),
  },
  changes: { policyDocument: noKeys, tags: [{ key: 'team', value: 'api' }] },
  changed: {
    DefaultVersionId: 'v2',
    document: { Statement: [{ Effect: 'Deny', Action: 'kms:*' }] },
    Tags: tagOf('api'),
  },
  replaced: { path: '/elsewhere/', description: 'Another' },
  adoption: { arn: arnOf('policy/life-policy') },
};

const user: Life = {
  kind: 'iam/User',
  spec: { name: 'life-user' },
  async read({ iam }) {
    const named = { UserName: 'life-user' };
    const { User } = await iam.send(new GetUserCommand(named));
    const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand(named));
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand(named));
    return { ...User, policies: namesOf(AttachedPolicies), inline: PolicyNames };
  },
  made: { Path: '/programs/', policies: [readOnly], inline: [], Tags: tagOf('web') },
  changes: {
    path: '/people/',
    policies: [readOnly, objectsOnly],
    inlinePolicies: { 'no-keys': noKeys },
    permissionsBoundary: readOnly,
    tags: [{ key: 'team', value: 'api' }],
  },
  changed: {
    Arn: arnOf('user/people/life-user'),
    policies: [objectsOnly, readOnly].toSorted(),
    inline: ['no-keys'],
    PermissionsBoundary: { PermissionsBoundaryArn: readOnly },
    Tags: tagOf('api'),
  },
};

const group: Life = {
  kind: 'iam/Group',
  spec: { name: 'life-group' },
  async read({ iam }) {
    const named = { GroupName: 'life-group' };
    const { Group } = await iam.send(new GetGroupCommand(named));
    const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand(named));
    const { PolicyNames } = await iam.send(new ListGroupPoliciesCommand(named));
    return { ...Group, policies: namesOf(AttachedPolicies), inline: PolicyNames };
  },
  made: { Path: '/', policies: [readOnly], inline: [] },
  changes: { path: '/people/', policies: [objectsOnly], inlinePolicies: { 'no-keys': noKeys } },
  changed: { Arn: arnOf('group/people/life-group'), policies: [objectsOnly], inline: ['no-keys'] },
};

const instanceProfile: Life = {
  kind: 'iam/InstanceProfile',
  needs: ['iam/Role'],
  spec: { name: 'life-profile', path: '/machines/' },
  async read({ iam }) {
    const { InstanceProfile } = await iam.send(
      new GetInstanceProfileCommand({ InstanceProfileName: 'life-profile' }),
    );
    return InstanceProfile;
  },
  made: { Path: '/machines/', Roles: [{ RoleName: 'reader' }] },
  changes: { tags: [{ key: 'team', value: 'api' }] },
  changed: { Roles: [{ RoleName: 'reader' }], Tags: tagOf('api') },
  fixed: { path: '/elsewhere/' },
};

const providerArn = arnOf('oidc-provider/issuer.example.com/life');

const provider: Life = {
  kind: 'iam/OpenIDConnectProvider',
  spec: { url: 'https://issuer.example.com/life' },
  read: ({ iam }) => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn })),
  made: {
    Url: 'issuer.example.com/life',
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: ['0123456789abcdef0123456789abcdef01234567'],
  },
  changes: {
    clientIDList: ['openshift'],
    thumbprintList: ['b'.repeat(40)],
    tags: [{ key: 'team', value: 'api' }],
  },
  changed: { ClientIDList: ['openshift'], ThumbprintList: ['b'.repeat(40)], Tags: tagOf('api') },
  fixed: { url: 'https://issuer.example.com/another' },
  adoption: { arn: providerArn },
};

const serviceLinkedRole: Life = {
  kind: 'iam/ServiceLinkedRole',
  spec: {},
  async read({ iam }) {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForElastiCache' }));
    return Role;
  },
  made: { Path: '/aws-service-role/elasticache.amazonaws.com/', Description: 'For ElastiCache' },
  changes: { description: 'For caches' },
  changed: { Description: 'For caches' },
  fixed: { awsServiceName: 'rds.amazonaws.com' },
};

export const iamLives: readonly Life[] = [
  role,
  policy,
  user,
  group,
  instanceProfile,
  provider,
  serviceLinkedRole,
];
