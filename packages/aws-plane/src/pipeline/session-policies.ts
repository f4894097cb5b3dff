// The policies that a session was given when it was made, compiled and kept.
import { assert, LruMap } from '@pergola/kernel';
import { compilePolicy, type NamedPolicy, parsePolicy } from '@pergola/policy';
import type { IdentityDirectory } from '../ports.ts';
import type { SessionFacts } from '../principal.ts';

const INLINE = 'session-policy';
/** Stands for a managed policy that was deleted after the session began: it allows nothing any more. */
const DENY_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

/** Compiles session policies, keeping the last `capacity` documents. */
export class SessionPolicies {
  readonly #compiled: LruMap<string, NamedPolicy>;

  constructor(capacity = 1_000) {
    this.#compiled = new LruMap(capacity);
  }

  /** Undefined when the session was given none: it then has all of its role's permissions. */
  of(session: SessionFacts, directory: IdentityDirectory): readonly NamedPolicy[] | undefined {
    const { policyDocument, policyArns = [] } = session;
    if (policyDocument === undefined && policyArns.length === 0) return undefined;
    const managed = policyArns.map((arn) => directory.managedPolicy(arn) ?? this.#compile(arn, DENY_ALL));
    return policyDocument === undefined ? managed : [this.#compile(INLINE, policyDocument), ...managed];
  }

  #compile(name: string, text: string): NamedPolicy {
    const key = `${name}\n${text}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const parsed = parsePolicy(text, 'session');
    assert(parsed.ok, 'a session policy is parsed before the session is made');
    const policy = { name, policy: compilePolicy(parsed.value) };
    this.#compiled.set(key, policy);
    return policy;
  }
}
