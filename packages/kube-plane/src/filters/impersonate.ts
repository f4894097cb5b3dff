// Third filter: the Impersonate-* headers, allowed by the verb `impersonate` on each thing taken on.
import type { AuthorizationAttributes, Call, Plane, UserInfo } from '../contract.ts';
import { denialSentence } from '../authz/denial.ts';
import { faults } from '../faults.ts';
import type { Filter } from './filter.ts';

const EXTRA = 'impersonate-extra-';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

export const impersonate: Filter = (call, plane) => {
  const username = single(call, 'impersonate-user');
  const groups = many(call, 'impersonate-group');
  const uid = single(call, 'impersonate-uid');
  const extra = extraOf(call);
  if (username === '') {
    if (groups.length > 0 || uid !== '' || Object.keys(extra).length > 0) {
      throw faults.badRequest(
        `requested ${JSON.stringify({ groups, uid, extra })} without impersonating a user`,
      );
    }
    return undefined;
  }
  for (const attributes of wantedAttributes(call.user, { username, groups, uid, extra })) {
    assertMayImpersonate(attributes, plane);
  }
  call.notes.impersonator = call.user;
  call.user = impersonatedUser({ username, groups, uid, extra });
  return undefined;
};

interface Wanted {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

function wantedAttributes(user: UserInfo, wanted: Wanted): AuthorizationAttributes[] {
  const base = { user, verb: 'impersonate', group: '', subresource: '', namespace: '' };
  const account = SERVICE_ACCOUNT.exec(wanted.username);
  const authentication = 'authentication.k8s.io';
  return [
    account
      ? { ...base, resource: 'serviceaccounts', namespace: account[1] ?? '', name: account[2] ?? '' }
      : { ...base, resource: 'users', name: wanted.username },
    ...wanted.groups.map((name) => ({ ...base, resource: 'groups', name })),
    ...(wanted.uid === '' ? [] : [{ ...base, group: authentication, resource: 'uids', name: wanted.uid }]),
    ...Object.entries(wanted.extra).flatMap(([key, values]) =>
      values.map((name) => ({
        ...base,
        group: authentication,
        resource: 'userextras',
        subresource: key,
        name,
      })),
    ),
  ];
}

function assertMayImpersonate(attributes: AuthorizationAttributes, plane: Plane): void {
  const decision = plane.authorizer.authorize(attributes);
  if (decision.allowed) return;
  const { group, resource, name } = attributes;
  throw faults.forbidden({ group, resource }, name, denialSentence(attributes));
}

function impersonatedUser(wanted: Wanted): UserInfo {
  const account = SERVICE_ACCOUNT.exec(wanted.username);
  const implied = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
  const groups = wanted.groups.length > 0 ? wanted.groups : implied;
  const known = wanted.username === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return {
    username: wanted.username,
    groups: [...new Set([...groups, known])],
    ...(wanted.uid === '' ? {} : { uid: wanted.uid }),
    extra: wanted.extra,
  };
}

function single(call: Call, header: string): string {
  const value = call.headers[header];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** Node joins repeated headers with `, `; group names hold no comma. */
function many(call: Call, header: string): string[] {
  return single(call, header)
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function extraOf(call: Call): Record<string, string[]> {
  const headers = Object.keys(call.headers).filter((header) => header.startsWith(EXTRA));
  return Object.fromEntries(
    headers.map((header) => [decodeURIComponent(header.slice(EXTRA.length)), many(call, header)]),
  );
}
