// Lists of what cannot be made here, asked for by clients that tidy up: they are truly empty. The operations that
// would make such things answer that they are not implemented.
import { type AnyOperation, defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { type IdentityName, named, onOwnUser, users } from './identities.ts';
import { userNameOr } from './users.ts';

interface Absent {
  readonly name: string;
  /** The list's member in the answer. */
  readonly member: string;
}

/** Of one user, by default the caller. */
const ofUser: readonly Absent[] = [
  { name: 'ListMFADevices', member: 'MFADevices' },
  { name: 'ListSSHPublicKeys', member: 'SSHPublicKeys' },
  { name: 'ListSigningCertificates', member: 'Certificates' },
];

/** Of the account. */
const ofAccount: readonly Absent[] = [
  { name: 'ListServerCertificates', member: 'ServerCertificateMetadataList' },
  { name: 'ListVirtualMFADevices', member: 'VirtualMFADevices' },
];

const emptyPage = (member: string) => ({ [member]: [], IsTruncated: false });

const listServiceSpecificCredentials = defineOperation<IdentityName, object>({
  name: 'ListServiceSpecificCredentials',
  access: onOwnUser('iam:ListServiceSpecificCredentials'),
  handle: () => ({ ServiceSpecificCredentials: [] }),
});

const listSamlProviders = defineOperation<object, object>({
  name: 'ListSAMLProviders',
  access: iam('iam:ListSAMLProviders'),
  handle: () => ({ SAMLProviderList: [] }),
});

const getAccountPasswordPolicy = defineOperation<object, never>({
  name: 'GetAccountPasswordPolicy',
  access: iam('iam:GetAccountPasswordPolicy'),
  handle({ account }) {
    throw faults.noPasswordPolicy(account);
  },
});

/** No user has a password for the console, for there is none. */
const loginProfiles = ['GetLoginProfile', 'DeleteLoginProfile', 'UpdateLoginProfile'].map((name) =>
  defineOperation<IdentityName, never>({
    name,
    access: onOwnUser(`iam:${name}`),
    handle(call, input) {
      const UserName = userNameOr(call, input.UserName);
      throw faults.noLoginProfile(named(call.plane.store, call.account, users, { UserName }).name);
    },
  }),
);

export const absentOperations: readonly AnyOperation[] = [
  ...ofAccount.map(({ name, member }) =>
    defineOperation<object, object>({
      name,
      access: iam(`iam:${name}`),
      handle: () => emptyPage(member),
    }),
  ),
  ...ofUser.map(({ name, member }) =>
    defineOperation<IdentityName, object>({
      name,
      access: onOwnUser(`iam:${name}`),
      handle(call, input) {
        named(call.plane.store, call.account, users, { UserName: userNameOr(call, input.UserName) });
        return emptyPage(member);
      },
    }),
  ),
  ...loginProfiles,
  getAccountPasswordPolicy,
  listSamlProviders,
  listServiceSpecificCredentials,
];
