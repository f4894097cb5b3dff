// Policy: a managed policy. Its document changes by new versions, of which AWS keeps five.
import { AwsError } from '@pergola/aws-client';
import type { Dealings, KindDescription, Raw } from '../../kind/description.ts';
import { select } from '../../kind/values/select.ts';
import { isObject } from '../../kind/values/to-aws.ts';
import { iam, tagsOf, terminal } from './service.ts';

const mostVersions = 5;

function arnOf({ wanted, field }: Dealings): string | undefined {
  if (wanted.arn !== undefined) return wanted.arn;
  const [path, name] = [field('Path') ?? '/', field('Name')];
  return name === undefined
    ? undefined
    : `arn:${wanted.partition}:iam::${wanted.account}:policy${String(path)}${String(name)}`;
}

async function find(dealings: Dealings): Promise<Raw | undefined> {
  const PolicyArn = arnOf(dealings);
  if (PolicyArn === undefined) return undefined;
  try {
    const { Policy } = await dealings.call('GetPolicy', { PolicyArn });
    if (!isObject(Policy)) return undefined;
    const VersionId = Policy['DefaultVersionId'];
    const version = await dealings.call('GetPolicyVersion', { PolicyArn, VersionId });
    return { ...Policy, PolicyDocument: select(version, 'PolicyVersion.Document') };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchEntity') return undefined;
    throw error;
  }
}

interface Version {
  readonly VersionId: string;
  readonly IsDefaultVersion: boolean;
  readonly CreateDate: Date | undefined;
}

async function versionsOf(dealings: Dealings): Promise<readonly Version[]> {
  const { Versions } = await dealings.call('ListPolicyVersions', { PolicyArn: dealings.find('$arn') });
  return (Array.isArray(Versions) ? Versions : []).filter(isObject).map((version) => ({
    VersionId: String(version['VersionId']),
    IsDefaultVersion: version['IsDefaultVersion'] === true,
    CreateDate: version['CreateDate'] instanceof Date ? version['CreateDate'] : undefined,
  }));
}

/** The oldest goes when there is no room for another. */
async function addVersion(dealings: Dealings): Promise<void> {
  const PolicyArn = dealings.find('$arn');
  const versions = await versionsOf(dealings);
  if (versions.length >= mostVersions) {
    const [oldest] = versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).toSorted(byAge);
    if (oldest) await dealings.call('DeletePolicyVersion', { PolicyArn, VersionId: oldest.VersionId });
  }
  await dealings.call('CreatePolicyVersion', {
    PolicyArn,
    PolicyDocument: dealings.field('PolicyDocument'),
    SetAsDefault: true,
  });
}

function byAge(a: Version, b: Version): number {
  const [left, right] = [a.CreateDate?.getTime() ?? 0, b.CreateDate?.getTime() ?? 0];
  return left - right || Number(a.VersionId.slice(1)) - Number(b.VersionId.slice(1));
}

export const policy: KindDescription = {
  service: iam,
  kind: 'Policy',
  identity: 'Name',
  renames: { PolicyName: 'Name' },
  fields: {
    Description: { replace: true, lateInitialize: true },
    Name: { replace: true },
    Path: { replace: true, lateInitialize: true },
    PolicyDocument: { compare: 'policy', observe: 'PolicyDocument' },
  },
  create: [{ operation: 'CreatePolicy', at: 'Policy' }],
  read: [],
  tags: tagsOf('Policy', { PolicyArn: '$arn' }),
  remove: [{ operation: 'DeletePolicy', input: { PolicyArn: '$arn' } }],
  gone: ['NoSuchEntity'],
  terminal,
  columns: [
    { name: 'ARN', path: '.status.ackResourceMetadata.arn' },
    { name: 'VERSION', path: '.status.defaultVersionID' },
    { name: 'ATTACHED', path: '.status.attachmentCount', type: 'integer' },
  ],
  ways: {
    operations: [
      'GetPolicy',
      'GetPolicyVersion',
      'ListPolicyVersions',
      'CreatePolicyVersion',
      'DeletePolicyVersion',
    ],
    find,
    update: { PolicyDocument: addVersion },
    beforeRemove: async (dealings) => {
      for (const { VersionId, IsDefaultVersion } of await versionsOf(dealings)) {
        if (IsDefaultVersion) continue;
        await dealings.call('DeletePolicyVersion', { PolicyArn: dealings.find('$arn'), VersionId });
      }
    },
  },
};
