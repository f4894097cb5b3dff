// What STS's operations are given beside the Call: how to make sessions, and the keys of issuers.
import type { KeyCache } from '@pergola/oidc';
import type { Sessions } from './sessions.ts';

export interface StsContext {
  readonly sessions: Sessions;
  readonly keys: KeyCache;
}
