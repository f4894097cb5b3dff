// Managed policies, OIDC providers and the account of IAM through the real client.
import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachUserPolicyCommand,
  CreateAccountAliasCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeleteAccountAliasCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAccountAliasesCommand,
  ListEntitiesForPolicyCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  ListUsersCommand,
  paginateListPolicies,
  PutUserPermissionsBoundaryCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  SetDefaultPolicyVersionCommand,
  TagOpenIDConnectProviderCommand,
  TagPolicyCommand,
  UntagOpenIDConnectProviderCommand,
  UntagPolicyCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, allow, arn, type IamPlane, policy, startIamPlane } from './iam-plane.ts';
import { refusalOf } from './plane.ts';

let plane: IamPlane;
beforeAll(async () => {
  plane = await startIamPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());

const readS3 = policy(allow('s3:Get*'));
const awsArn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const make = (PolicyName: string, more: object = {}) =>
  plane.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: readS3, ...more }));
const remove = (PolicyArn: string) => plane.iam.send(new DeletePolicyCommand({ PolicyArn }));
const get = async (PolicyArn: string) => (await plane.iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!;

describe("AWS's own policies", () => {
  it('are listed page by page, a hundred at a time, each once', async () => {
    const first = await plane.iam.send(new ListPoliciesCommand({ Scope: 'AWS' }));
    expect(first.Policies).toHaveLength(100);
    const arns: string[] = [];
    for await (const page of paginateListPolicies({ client: plane.iam }, { Scope: 'AWS' }))
      arns.push(...page.Policies!.map((each) => each.Arn!));
    expect(new Set(arns).size).toBe(arns.length);
    expect(arns).toContain(awsArn('AmazonS3FullAccess'));
    expect(arns).toContain(awsArn('service-role/ROSAImageRegistryOperatorPolicy'));
  });

  it('can be read and not be changed', async () => {
    const PolicyArn = awsArn('AdministratorAccess');
    expect(await get(PolicyArn)).toMatchObject({
      PolicyId: 'ANPAIWMBCKSKIEE64ZLYK',
      DefaultVersionId: 'v1',
      AttachmentCount: 1,
      IsAttachable: true,
      Tags: [],
    });
    const { PolicyVersion } = await plane.iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }),
    );
    expect(JSON.parse(decodeURIComponent(PolicyVersion!.Document!))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
    const changes = [
      new DeletePolicyCommand({ PolicyArn }),
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readS3 }),
      new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'a', Value: 'b' }] }),
    ] as const;
    for (const change of changes)
      expect(await refusalOf(plane.iam.send(change as DeletePolicyCommand))).toMatchObject({
        code: 'AccessDenied',
        status: 403,
        message: 'Policy is outside your own account.',
      });
    expect((await refusalOf(get(awsArn('NoSuchPolicyOfAws')))).code).toBe('NoSuchEntity');
  });
});

describe('a managed policy', () => {
  it('is made, shown, listed, tagged and deleted', async () => {
    const { Policy } = await make('Mine', { Path: '/x/', Description: 'd', Tags: [{ Key: 't', Value: '' }] });
    expect(Policy).toMatchObject({
      Arn: arn('policy/x/Mine'),
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      Tags: [{ Key: 't', Value: '' }],
    });
    expect(Policy).not.toHaveProperty('Description');
    expect(await get(Policy!.Arn!)).toMatchObject({ Description: 'd', PolicyId: Policy!.PolicyId });
    const local = await plane.iam.send(new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/x/' }));
    expect(local.Policies?.map((each) => each.PolicyName)).toEqual(['Mine']);
    const PolicyArn = Policy!.Arn!;
    await plane.iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'u', Value: 'v' }] }));
    await plane.iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['T'] }));
    expect((await plane.iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags).toEqual([
      { Key: 'u', Value: 'v' },
    ]);
    expect(await refusalOf(make('MINE'))).toMatchObject({
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'A policy called MINE already exists. Duplicate names are not allowed.',
    });
    await remove(PolicyArn);
    expect(await refusalOf(remove(PolicyArn))).toMatchObject({
      code: 'NoSuchEntity',
      message: `Policy ${PolicyArn} was not found.`,
    });
  });

  it('has at most five versions, of which one counts', async () => {
    const PolicyArn = (await make('Versions')).Policy!.Arn!;
    const keys = await plane.userWith('versioned', []);
    await plane.iam.send(new AttachUserPolicyCommand({ UserName: 'versioned', PolicyArn }));
    const list = () => plane.iamOf(keys).send(new ListUsersCommand({}));
    const add = (PolicyDocument: string, SetAsDefault = false) =>
      plane.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault }));
    expect((await add(policy(allow('iam:ListUsers')))).PolicyVersion).toMatchObject({
      VersionId: 'v2',
      IsDefaultVersion: false,
    });
    expect((await refusalOf(list())).code).toBe('AccessDenied');
    await plane.iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await list();
    for (let index = 0; index < 3; index++) await add(readS3);
    expect(await refusalOf(add(readS3))).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message:
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    });
    const drop = (VersionId: string) =>
      plane.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    expect(await refusalOf(drop('v2'))).toMatchObject({
      code: 'DeleteConflict',
      message: 'Cannot delete the default version of a policy.',
    });
    await drop('v5');
    expect((await add(readS3)).PolicyVersion?.VersionId).toBe('v6');
    const { Versions } = await plane.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map((each) => each.VersionId)).toEqual(['v6', 'v4', 'v3', 'v2', 'v1']);
    expect(Versions?.filter((each) => each.IsDefaultVersion).map((each) => each.VersionId)).toEqual(['v2']);
    const gone = plane.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
    expect((await refusalOf(gone)).message).toBe(
      `Policy ${PolicyArn} version v5 does not exist or is not attachable.`,
    );
    await plane.iam.send(new DetachUserPolicyCommand({ UserName: 'versioned', PolicyArn }));
    expect((await refusalOf(remove(PolicyArn))).message).toContain('more than one version');
  });

  it('is not deleted while it is attached or bounds, and tells where', async () => {
    const PolicyArn = (await make('Used')).Policy!.Arn!;
    for (const UserName of ['attached', 'bounded']) await plane.iam.send(new CreateUserCommand({ UserName }));
    await plane.iam.send(new AttachUserPolicyCommand({ UserName: 'attached', PolicyArn }));
    await plane.iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: 'bounded', PermissionsBoundary: PolicyArn }),
    );
    expect(await get(PolicyArn)).toMatchObject({ AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 });
    const entities = async (more: object = {}) => {
      const found = await plane.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, ...more }));
      return found.PolicyUsers?.map((each) => each.UserName);
    };
    expect(await entities()).toEqual(['attached', 'bounded']);
    expect(await entities({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['bounded']);
    expect(await entities({ PolicyUsageFilter: 'PermissionsPolicy' })).toEqual(['attached']);
    expect(await entities({ EntityFilter: 'Role' })).toEqual([]);
    const attached = await plane.iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }));
    expect(attached.Policies?.map((each) => each.PolicyName)).toContain('Used');
    expect(await refusalOf(remove(PolicyArn))).toMatchObject({
      code: 'DeleteConflict',
      status: 409,
      message: 'Cannot delete a policy attached to entities.',
    });
  });

  it('must be of the language and short enough', async () => {
    const bad = (PolicyDocument: string) => refusalOf(make('Never', { PolicyDocument }));
    expect(await bad('nonsense')).toMatchObject({ code: 'MalformedPolicyDocument', status: 400 });
    const long = policy(
      allow(
        's3:GetObject',
        Array.from({ length: 300 }, (_, i) => `arn:aws:s3:::bucket-${i}/*`),
      ),
    );
    expect(await bad(long)).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message: 'Cannot exceed quota for PolicySize: 6144',
    });
  });

  it('of another account is not for reading', async () => {
    expect((await refusalOf(get('arn:aws:iam::999988887777:policy/theirs'))).code).toBe('AccessDenied');
  });
});

describe('an OIDC provider', () => {
  const thumbprint = 'A9D53002E97E00E043244F3D170D6F4C414104FD';
  const create = (Url: string, more: object = {}) =>
    plane.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['sts.amazonaws.com'], ...more }),
    );
  const getOne = (OpenIDConnectProviderArn: string) =>
    plane.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));

  it('is made of a URL, shown, changed, tagged, listed and deleted', async () => {
    const made = await create('https://oidc.example.com/Abc', {
      ClientIDList: ['openshift', 'openshift'],
      ThumbprintList: [thumbprint],
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    const OpenIDConnectProviderArn = made.OpenIDConnectProviderArn!;
    expect(made).toMatchObject({
      OpenIDConnectProviderArn: arn('oidc-provider/oidc.example.com/Abc'),
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(await getOne(OpenIDConnectProviderArn)).toMatchObject({
      Url: 'oidc.example.com/Abc',
      ClientIDList: ['openshift'],
      ThumbprintList: [thumbprint.toLowerCase()],
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    for (const ClientID of ['sts.amazonaws.com', 'sts.amazonaws.com'])
      await plane.iam.send(
        new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }),
      );
    for (const ClientID of ['openshift', 'openshift'])
      await plane.iam.send(
        new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }),
      );
    const ThumbprintList = ['b'.repeat(40)];
    await plane.iam.send(
      new UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn, ThumbprintList }),
    );
    await plane.iam.send(
      new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: [{ Key: 'l', Value: 'w' }] }),
    );
    await plane.iam.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys: ['k'] }));
    expect(await getOne(OpenIDConnectProviderArn)).toMatchObject({
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList,
    });
    const { Tags } = await plane.iam.send(
      new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn }),
    );
    expect(Tags).toEqual([{ Key: 'l', Value: 'w' }]);
    const listed = await plane.iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(listed.OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
    await plane.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(await refusalOf(getOne(OpenIDConnectProviderArn))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
      message: `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`,
    });
  });

  it('is one for each URL, and its case counts', async () => {
    await create('https://twice.example.com/id');
    expect(await refusalOf(create('https://twice.example.com/id'))).toMatchObject({
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'Provider with url https://twice.example.com/id already exists.',
    });
    expect((await refusalOf(getOne(arn('oidc-provider/twice.example.com/ID')))).code).toBe('NoSuchEntity');
  });

  it.each([
    ['http://plain.example.com', {}, 'ValidationError'],
    ['https://port.example.com:8443', {}, 'InvalidInput'],
    ['https://query.example.com/?a=b', {}, 'ValidationError'],
    ['https://user@example.com', {}, 'InvalidInput'],
    ['https://a.example.com', { ThumbprintList: ['short'] }, 'ValidationError'],
    [
      'https://a.example.com',
      { ThumbprintList: Array.from({ length: 6 }, () => 'a'.repeat(40)) },
      'InvalidInput',
    ],
    [
      'https://a.example.com',
      { ClientIDList: Array.from({ length: 101 }, (_, i) => `c${i}`) },
      'LimitExceeded',
    ],
  ])('refuses %s with %j: %s', async (url, more, code) => {
    expect((await refusalOf(create(url, more))).code).toBe(code);
  });
});

describe('the account', () => {
  it('has one alias at most', async () => {
    const list = async () => (await plane.iam.send(new ListAccountAliasesCommand({}))).AccountAliases;
    expect(await list()).toEqual([]);
    for (const AccountAlias of ['first-one', 'second-one'])
      await plane.iam.send(new CreateAccountAliasCommand({ AccountAlias }));
    expect(await list()).toEqual(['second-one']);
    const drop = (AccountAlias: string) => plane.iam.send(new DeleteAccountAliasCommand({ AccountAlias }));
    expect((await refusalOf(drop('first-one'))).code).toBe('NoSuchEntity');
    await drop('second-one');
    expect(await list()).toEqual([]);
  });

  it('counts what it holds', async () => {
    const { SummaryMap } = await plane.iam.send(new GetAccountSummaryCommand({}));
    const { Users } = await plane.iam.send(new ListUsersCommand({}));
    expect(SummaryMap).toMatchObject({ Users: Users!.length, RolesQuota: 1000, MFADevices: 0 });
  });

  it('has no password policy, and says what it cannot do', async () => {
    const passwords = plane.iam.send(new GetAccountPasswordPolicyCommand({}));
    expect((await refusalOf(passwords)).message).toBe(
      `The Password Policy with domain name ${account} cannot be found.`,
    );
    const details = plane.iam.send(new GetAccountAuthorizationDetailsCommand({}));
    expect((await refusalOf(details)).code).toBe('NotImplemented');
  });
});

describe('calls at the same time', () => {
  it('never leave a policy attached that is deleted', async () => {
    const UserName = 'racer';
    await plane.iam.send(new CreateUserCommand({ UserName }));
    for (let round = 0; round < 10; round++) {
      const PolicyArn = (await make(`Race${round}`)).Policy!.Arn!;
      const outcomes = await Promise.allSettled([
        plane.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
        remove(PolicyArn),
      ]);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      if (outcomes[0]?.status === 'fulfilled')
        await plane.iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    }
  });

  it('make one provider of a URL', async () => {
    const makeTwin = () =>
      plane.iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'https://race.example.com' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, makeTwin));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a Deny on a policy', () => {
  it('is not escaped by other letters of its ARN', async () => {
    const { Policy } = await make('Guarded');
    const guarded = Policy!.Arn!;
    const keys = await plane.userWith('sneak', [
      allow('iam:*'),
      { Effect: 'Deny', Action: 'iam:*', Resource: guarded },
      {
        Effect: 'Deny',
        Action: 'iam:AttachUserPolicy',
        Resource: '*',
        Condition: { ArnEquals: { 'iam:PolicyARN': guarded } },
      },
    ]);
    const sneak = plane.iamOf(keys);
    const codeOf = (PolicyArn: string) =>
      refusalOf(
        sneak.send(
          new CreatePolicyVersionCommand({
            PolicyArn,
            PolicyDocument: policy(allow('*')),
            SetAsDefault: true,
          }),
        ),
      );
    expect(await codeOf(guarded)).toMatchObject({ code: 'AccessDenied' });
    expect(await codeOf(arn('policy/GUARDED'))).toMatchObject({ code: 'NoSuchEntity' });
    const attach = (PolicyArn: string) =>
      refusalOf(sneak.send(new AttachUserPolicyCommand({ UserName: 'sneak', PolicyArn })));
    expect(await attach(guarded)).toMatchObject({ code: 'AccessDenied' });
    expect(await attach(arn('policy/guarded'))).toMatchObject({ code: 'NoSuchEntity' });
    expect((await get(guarded)).DefaultVersionId).toBe('v1');
  });
});
