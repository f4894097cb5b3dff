// The users of a cache, and the check of logins.
import type { CacheUser, TokenCheck } from '../../contract.ts';
import { AclUser } from './user.ts';

/** Refused logins that are remembered for ACL LOG. */
const LOG_ENTRIES = 128;

export interface AclLogEntry {
  readonly reason: 'auth' | 'command' | 'key' | 'channel';
  readonly object: string;
  readonly user: string;
  readonly atMs: number;
}

export class Acl {
  tokenCheck: TokenCheck | undefined;
  readonly log: AclLogEntry[] = [];
  #users = new Map<string, AclUser>();

  constructor() {
    this.setAccess([], []);
  }

  /** Who may log in from now on. Without users the default one may do all, by the tokens when there are any. */
  setAccess(users: readonly CacheUser[], authTokens: readonly string[]): void {
    const next = new Map(users.map((user) => [user.name, userFrom(user)]));
    if (users.length === 0) {
      const access = 'on ~* &* +@all';
      const noPassword = authTokens.length === 0;
      const byDefault = { name: 'default', enabled: true, passwords: authTokens, noPassword, access };
      next.set('default', userFrom(byDefault));
    }
    this.#users = next;
  }

  find(name: string): AclUser | undefined {
    return this.#users.get(name);
  }

  users(): readonly AclUser[] {
    return [...this.#users.values()];
  }

  /** The user of a connection that has said nothing yet. */
  get stranger(): AclUser | undefined {
    const user = this.#users.get('default');
    return user?.enabled && user.noPassword ? user : undefined;
  }

  /** The user who logs in so, or undefined. */
  login(name: string, password: string): AclUser | undefined | Promise<AclUser | undefined> {
    const user = this.#users.get(name);
    if (!user?.enabled) return undefined;
    if (!user.byToken) return user.accepts(password) ? user : undefined;
    return this.#loginByToken(user, password);
  }

  async #loginByToken(user: AclUser, token: string): Promise<AclUser | undefined> {
    const answer = await this.tokenCheck?.({ user: user.name, token });
    // It may have been taken away meanwhile.
    return answer?.allowed === true && this.#users.get(user.name) === user ? user : undefined;
  }

  note(entry: AclLogEntry): void {
    this.log.unshift(entry);
    this.log.length = Math.min(this.log.length, LOG_ENTRIES);
  }
}

function userFrom({ name, enabled, passwords, noPassword, access, byToken }: CacheUser): AclUser {
  const user = new AclUser(name);
  user.apply(access);
  user.resetPasswords();
  for (const password of passwords) user.addPassword(password);
  user.enabled = enabled && user.enabled;
  user.noPassword = noPassword;
  user.byToken = byToken === true;
  return user;
}

/** Says why rules are none, or undefined. */
export function accessStringFault(access: string): string | undefined {
  try {
    new AclUser('nobody').apply(access);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
