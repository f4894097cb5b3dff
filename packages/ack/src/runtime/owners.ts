// Whose a resource in AWS is, when several resources in the cluster describe it: the first to have it, and after a restart
// the oldest. Two that both wrote would undo each other's changes for ever.

export class Owners {
  /** By ARN, the keys of those that have it, with the times at which they were created. */
  readonly #claims = new Map<string, Map<string, string>>();
  readonly #arns = new Map<string, string>();

  /** `createdAt` as Kubernetes writes times. Returns the key of the owner. */
  claim(arn: string, key: string, createdAt: string): string {
    if (this.#arns.get(key) !== arn) this.forget(key);
    this.#arns.set(key, arn);
    const claims = this.#claims.get(arn) ?? new Map<string, string>();
    this.#claims.set(arn, claims.set(key, createdAt));
    return this.ownerOf(arn) ?? key;
  }

  ownerOf(arn: string): string | undefined {
    let owner: readonly [string, string] | undefined;
    for (const claim of this.#claims.get(arn) ?? []) {
      if (owner === undefined || isOlder(claim, owner)) owner = claim;
    }
    return owner?.[0];
  }

  forget(key: string): void {
    const arn = this.#arns.get(key);
    if (arn === undefined) return;
    this.#arns.delete(key);
    const claims = this.#claims.get(arn);
    claims?.delete(key);
    if (claims?.size === 0) this.#claims.delete(arn);
  }
}

type Claim = readonly [key: string, createdAt: string];

function isOlder([key, createdAt]: Claim, [otherKey, otherCreatedAt]: Claim): boolean {
  return createdAt === otherCreatedAt ? key < otherKey : createdAt < otherCreatedAt;
}
