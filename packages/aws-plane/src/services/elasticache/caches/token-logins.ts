// Logins by IAM token: a presigned `connect` request for the cache, signed by someone who may connect as the user.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
import type { TokenCheck } from '@pergola/engines';
import type { PlaneContext } from '../../../plane-context.ts';
import { arnOf } from '../kinds.ts';
import type { CacheKind } from '../records.ts';
import type { Home } from '../state.ts';

export function tokenCheckFor(
  { ports }: PlaneContext,
  { home, kind, name }: { readonly home: Home; readonly kind: CacheKind; readonly name: string },
): TokenCheck {
  return async ({ user, token }) => {
    // The token names the cache where a URL has its host.
    if (token.split('/', 1)[0]?.toLowerCase() !== name) {
      return { allowed: false, because: `the token is for another cache than ${name}` };
    }
    const login = {
      service: 'elasticache',
      token,
      parameters: { Action: 'connect', User: user },
      action: 'elasticache:Connect',
      ...home,
    };
    // The signer needs the right on both: the cache and the user.
    for (const resource of [arnOf(home, kind, name), arnOf(home, 'user', user)]) {
      const answer = await ports.authorizeToken({ ...login, resource });
      if (!answer.allowed) return answer;
    }
    return { allowed: true, because: 'the token is good, and its signer may connect' };
  };
}
