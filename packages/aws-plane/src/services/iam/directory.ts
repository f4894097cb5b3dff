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
  type StoredGroup,
  type StoredIdentity,
  type StoredKeyUse,
  type StoredPolicy,
  type StoredProvider,
  type StoredRole,
  type StoredUser,
  tables,
  writeKeyUse,
} from './state.ts';

/** Uses of a key that follow one another within this time count as one: each note is a write. */
const NOTE_INTERVAL_MS = 60_000;

/** Opens the directory over `store`. */
export function openDirectory(store: Store): Directory {
  return new Directory(store);
}

interface KnownPolicies {
  readonly attached: readonly string[];
  readonly inline: readonly NamedPolicy[];
}

interface KnownUser extends KnownPolicies {
  readonly record: UserRecord;
  readonly boundary: string | undefined;
  readonly groups: readonly string[];
}

interface KnownRole extends KnownPolicies {
  readonly record: RoleRecord;
  readonly boundary: string | undefined;
  readonly trust: NamedPolicy | undefined;
}

export class Directory implements IdentityDirectory {
  readonly #store: Store;
  readonly #records: RecordCache;
  readonly #managed = new LruMap<string, NamedPolicy>(2_000);
  readonly #noted = new LruMap<string, StoredKeyUse>(10_000);

  constructor(store: Store) {
    this.#store = store;
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
    const user = this.#user(account, userName);
    if (!user) return [];
    const own = this.#policiesOf(user);
    if (user.groups.length === 0) return own;
    const joined = user.groups.flatMap(
      (name) => this.#records.get(tables.groups.key(account, name), knownGroupOf) ?? [],
    );
    return [...own, ...joined.flatMap((group) => this.#policiesOf(group))];
  }

  policiesOfRole(account: string, roleName: string): readonly NamedPolicy[] {
    const role = this.#role(account, roleName);
    return role ? this.#policiesOf(role) : [];
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
    const policy = this.#records.get(tables.policies.key(account, arn), customerPolicyOf);
    // As in policies.ts: the key ignores case, the ARN does not.
    return policy?.name === arn ? policy : undefined;
  }

  noteUse({ accessKeyId, ...use }: StoredKeyUse & { readonly accessKeyId: string }): void {
    const last = this.#noted.get(accessKeyId);
    const same = last?.service === use.service && last.region === use.region;
    if (same && use.atMs - last.atMs < NOTE_INTERVAL_MS) return;
    this.#noted.set(accessKeyId, use);
    this.#store
      .transact((tx) => {
        // Temporary keys are not in the store, and a key may be gone by now.
        if (tx.get(accessKeyKey(accessKeyId))) writeKeyUse(tx, accessKeyId, use);
      })
      // A use that is not noted, say while the store closes, must not end the call that used the key.
      .catch(() => undefined);
  }

  #user(account: string, userName: string): KnownUser | undefined {
    return this.#records.get(tables.users.key(account, userName), knownUserOf);
  }

  #role(account: string, roleName: string): KnownRole | undefined {
    return this.#records.get(tables.roles.key(account, roleName), (value) => knownRoleOf(value, account));
  }

  #policiesOf({ attached, inline }: KnownPolicies): readonly NamedPolicy[] {
    const managed = attached.flatMap((arn) => this.managedPolicy(arn) ?? []);
    return inline.length === 0 ? managed : [...managed, ...inline];
  }

  #boundaryOf(identity: KnownUser | KnownRole | undefined): NamedPolicy | undefined {
    if (identity?.boundary === undefined) return undefined;
    return this.managedPolicy(identity.boundary) ?? { name: identity.boundary, policy: allowsNothing };
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

/** Stands for a boundary that cannot be found or read: what was to be limited is never without limit. */
const allowsNothing = compilePolicy({ kind: 'boundary', version: '2012-10-17', statements: [] });

function keyRecordOf(value: string): AccessKeyRecord {
  const { accessKeyId, secretAccessKey, account, active, userName } = JSON.parse(value) as StoredAccessKey;
  return { accessKeyId, secretAccessKey, account, active, owner: { kind: 'user', userName } };
}

function knownUserOf(value: string): KnownUser {
  const stored = JSON.parse(value) as StoredUser;
  const record = { arn: stored.arn, userName: stored.name, userId: stored.id, tags: stored.tags };
  return { record, boundary: stored.boundary, groups: stored.groups ?? [], ...knownPoliciesOf(stored) };
}

function knownGroupOf(value: string): KnownPolicies {
  return knownPoliciesOf(JSON.parse(value) as StoredGroup);
}

function knownRoleOf(value: string, account: string): KnownRole {
  const stored = JSON.parse(value) as StoredRole;
  const { arn, name, id, maxSessionDurationSeconds, tags } = stored;
  return {
    record: { arn, roleName: name, roleId: id, account, maxSessionDurationSeconds, tags },
    trust: compileNamed(`trust:${name}`, stored.trust, 'trust'),
    boundary: stored.boundary,
    ...knownPoliciesOf(stored),
  };
}

function knownPoliciesOf(stored: StoredIdentity): KnownPolicies {
  const inline = Object.entries(stored.inline).flatMap(
    ([name, document]) => compileNamed(`inline:${name}`, document, 'identity') ?? [],
  );
  return { attached: stored.attached, inline };
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
