// User: who may log in to caches, and what for.
import type { KindDescription } from '../../kind/description.ts';
import type { Difference } from '../../kind/kind.ts';
import { select } from '../../kind/values/select.ts';
import { cacheProgress, elasticache, named, replaced, tags, terminal } from './service.ts';

const id = { UserId: '$UserId' };

/** Words that AWS adds where they were left out. */
const implied = new Set(['off', 'resetchannels', 'resetkeys', '-@all', 'sanitize-payload']);

/** AWS spells an access string out. */
function isSameAccess({ wanted, observed }: Difference): boolean {
  const [asked, has] = [wordsOf(wanted), wordsOf(observed)];
  return (
    asked.every((word) => has.includes(word)) &&
    has.every((word) => asked.includes(word) || implied.has(word))
  );
}

function wordsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
}

export const user: KindDescription = {
  service: elasticache,
  kind: 'User',
  identity: 'UserId',
  // It would hold passwords in plain text; the secrets in `passwords` do the same.
  ignore: ['AuthenticationMode'],
  fields: {
    Engine: { compare: 'caseless' },
    ExpandedAccessString: { status: true, from: 'CreateUser.AccessString', observe: 'AccessString' },
    LastRequestedAccessString: {
      status: true,
      from: 'CreateUser.AccessString',
      observe: 'LastRequestedAccessString',
    },
    NoPasswordRequired: { observe: 'NoPasswordRequired' },
    Passwords: { secret: true },
    UserId: named,
    UserName: replaced,
  },
  create: [{ operation: 'CreateUser' }],
  read: [{ operation: 'DescribeUsers', input: id, at: 'Users[0]', absent: ['UserNotFound'] }],
  update: [{ operation: 'ModifyUser', input: id }],
  tags,
  remove: [{ operation: 'DeleteUser', input: id }],
  progress: cacheProgress('Status', ['active']),
  terminal: [
    ...terminal,
    'DuplicateUserName',
    'InvalidUserState',
    'UserAlreadyExists',
    'UserQuotaExceeded',
    'DefaultUserAssociatedToUserGroup',
  ],
  ways: {
    read: ({ resource, field, wanted }) => {
      const asked = field('AccessString');
      const isSet = isSameAccess({
        path: 'accessString',
        wanted: String(asked),
        observed: String(resource['AccessString']),
        effect: 'update',
      });
      return Promise.resolve({
        NoPasswordRequired: ['no-password', 'no-password-required'].includes(
          String(select(resource, 'Authentication.Type')),
        ),
        LastRequestedAccessString: isSet ? asked : wanted.status['lastRequestedAccessString'],
      });
    },
    compare: (_wanted, _observed, differences) =>
      differences.filter((difference) => difference.path !== 'accessString' || !isSameAccess(difference)),
  },
};
