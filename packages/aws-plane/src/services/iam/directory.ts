// What IAM knows, as the pipeline and STS ask for it: the IdentityDirectory port over the store.
import { LruMap } from '@pergola/kernel';
import { compilePolicy, type NamedPolicy, parsePolicy, type PolicyKind } from '@pergola/policy';
import type { Store } from '@pergola/store';
import type {
  AccessKeyRecord,
  IdentityDirectory,
  OidcProviderRecord,
  RoleRecord,
  UserRecord,
} from '../../ports.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import {
  accessKeyKey,
  RecordCache,
  type StoredAccessKey,
  type StoredPolicy,
  type StoredProvider,
  type StoredRole,
  type StoredUser,
  tables,
} from './state.ts';

/** The last use of a key or role. Kept in memory: AWS, too, reports it late and not for ever. */
export interface LastUse {
  readonly service: string;
  readonly region: string;
  readonly atMs: number;
}

/** Opens the directory over `store`. */
export function openDirectory(store: Store): Directory {
  return new Directory(store);
}

interface KnownIdentity {
  readonly attached: readonly string[];
  readonly inline: readonly NamedPolicy[];
  readonly boundary: string | undefined;
}

interface KnownUser extends KnownIdentity {
  readonly record: UserRecord;
}

interface KnownRole extends KnownIdentity {
  readonly record: RoleRecord;
  readonly trust: NamedPolicy | undefined;
}

export class Directory implements IdentityDirectory {
  readonly #records: RecordCache;
  readonly #managed = new LruMap<string, NamedPolicy>(2_000);
  readonly #lastUses = new LruMap<string, LastUse>(10_000);

  constructor(store: Store) {
    this.#records = new RecordCache(store);
  }

  findAccessKey(accessKeyId: string): AccessKeyRecord | undefined {
    return this.#records.get(accessKeyKey(accessKeyId), keyRecordOf);
  }

  findUser(account: string, userName: string): UserRecord | undefined {
    return this.#user(account, userName)?.record;
  }

  findRole(account: string, roleName: string): RoleRecord | undefined {
    return this.#role(account, roleName)?.record;
  }

  findOidcProvider(account: string, url: string): OidcProviderRecord | undefined {
    const found = this.#records.get(
      tables.providers.key(account, url),
      (value) => JSON.parse(value) as StoredProvider,
    );
    // The key ignores case, the comparison does not: AWS's issuer URLs are case-sensitive.
    return found?.url === url ? found : undefined;
  }

  policiesOfUser(account: string, userName: string): readonly NamedPolicy[] {
    return this.#policiesOf(this.#user(account, userName));
  }

  policiesOfRole(account: string, roleName: string): readonly NamedPolicy[] {
    return this.#policiesOf(this.#role(account, roleName));
  }

  boundaryOfUser(account: string, userName: string): NamedPolicy | undefined {
    return this.#boundaryOf(this.#user(account, userName));
  }

  boundaryOfRole(account: string, roleName: string): NamedPolicy | undefined {
    return this.#boundaryOf(this.#role(account, roleName));
  }

  trustPolicyOfRole(account: string, roleName: string): NamedPolicy | undefined {
    return this.#role(account, roleName)?.trust;
  }

  managedPolicy(arn: string): NamedPolicy | undefined {
    const account = /^arn:[^:]+:iam::(\d{12}|aws):policy\//.exec(arn)?.[1];
    if (account === undefined) return undefined;
    if (account === 'aws') return this.#awsManaged(arn);
    return this.#records.get(tables.policies.key(account, arn), customerPolicyOf);
  }

  noteUse(use: LastUse & { readonly accessKeyId: string }): void {
    this.#lastUses.set(use.accessKeyId, use);
  }

  /** When and for what a key was last used since the start, for GetAccessKeyLastUsed. */
  lastUseOf(accessKeyId: string): LastUse | undefined {
    return this.#lastUses.get(accessKeyId);
  }

  #user(account: string, userName: string): KnownUser | undefined {
    return this.#records.get(tables.users.key(account, userName), knownUserOf);
  }

  #role(account: string, roleName: string): KnownRole | undefined {
    return this.#records.get(tables.roles.key(account, roleName), (value) => knownRoleOf(value, account));
  }

  #policiesOf(identity: KnownIdentity | undefined): readonly NamedPolicy[] {
    if (!identity) return [];
    const attached = identity.attached.flatMap((arn) => this.managedPolicy(arn) ?? []);
    return identity.inline.length === 0 ? attached : [...attached, ...identity.inline];
  }

  #boundaryOf(identity: KnownIdentity | undefined): NamedPolicy | undefined {
    return identity?.boundary === undefined ? undefined : this.managedPolicy(identity.boundary);
  }

  #awsManaged(arn: string): NamedPolicy | undefined {
    const known = this.#managed.get(arn);
    if (known) return known;
    const found = awsManagedPolicy(arn);
    const compiled = found && compileNamed(arn, found.document, 'identity');
    if (compiled) this.#managed.set(arn, compiled);
    return compiled;
  }
}

function keyRecordOf(value: string): AccessKeyRecord {
  const { accessKeyId, secretAccessKey, account, active, userName } = JSON.parse(value) as StoredAccessKey;
  return { accessKeyId, secretAccessKey, account, active, owner: { kind: 'user', userName } };
}

function knownUserOf(value: string): KnownUser {
  const stored = JSON.parse(value) as StoredUser;
  const record = { arn: stored.arn, userName: stored.name, userId: stored.id, tags: stored.tags };
  return { record, ...knownPoliciesOf(stored) };
}

function knownRoleOf(value: string, account: string): KnownRole {
  const stored = JSON.parse(value) as StoredRole;
  const { arn, name, id, maxSessionDurationSeconds, tags } = stored;
  return {
    record: { arn, roleName: name, roleId: id, account, maxSessionDurationSeconds, tags },
    trust: compileNamed(`trust:${name}`, stored.trust, 'trust'),
    ...knownPoliciesOf(stored),
  };
}

function knownPoliciesOf(stored: StoredUser | StoredRole): KnownIdentity {
  const inline = Object.entries(stored.inline).flatMap(
    ([name, document]) => compileNamed(`inline:${name}`, document, 'identity') ?? [],
  );
  return { attached: stored.attached, inline, boundary: stored.boundary };
}

function customerPolicyOf(value: string): NamedPolicy | undefined {
  const stored = JSON.parse(value) as StoredPolicy;
  const version = stored.versions.find(({ id }) => id === stored.defaultVersionId);
  return version && compileNamed(stored.arn, version.document, 'identity');
}

/** Documents were checked when they were written; one that no longer parses grants nothing. */
function compileNamed(name: string, document: string, kind: PolicyKind): NamedPolicy | undefined {
  const parsed = parsePolicy(document, kind);
  return parsed.ok ? { name, policy: compilePolicy(parsed.value) } : undefined;
}
