// A user on the wire.
import type { UserInfo } from '../contract.ts';

/** As authentication.k8s.io/v1 UserInfo. */
export function wireUser(user: UserInfo): Record<string, unknown> {
  const { username, uid, groups, extra } = user;
  return {
    username,
    ...(uid ? { uid } : {}),
    groups,
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
