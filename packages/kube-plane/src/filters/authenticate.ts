// Second filter: who is calling. A bad token is refused; no token is `system:anonymous`.
import type { Call, UserInfo } from '../contract.ts';
import { faults } from '../faults.ts';
import type { Filter } from './filter.ts';

export const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

const WEBSOCKET_BEARER = 'base64url.bearer.authorization.k8s.io.';

export const authenticate: Filter = async (call, plane) => {
  const token = bearerTokenOf(call);
  if (token === undefined) return undefined;
  const identity = await plane.authenticator.authenticate(token);
  if (!identity) throw faults.unauthorized();
  const groups = new Set([...identity.user.groups, 'system:authenticated']);
  call.user = { ...identity.user, groups: [...groups] };
  return undefined;
};

/** From the Authorization header, or from a WebSocket subprotocol as browsers must send it. */
function bearerTokenOf(call: Call): string | undefined {
  const header = call.headers.authorization;
  if (header !== undefined) {
    const match = /^bearer +(\S+) *$/i.exec(header);
    if (!match) throw faults.unauthorized();
    return match[1];
  }
  const protocols = (call.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const carrier = protocols.find((name) => name.startsWith(WEBSOCKET_BEARER));
  return carrier && Buffer.from(carrier.slice(WEBSOCKET_BEARER.length), 'base64url').toString('utf8');
}
