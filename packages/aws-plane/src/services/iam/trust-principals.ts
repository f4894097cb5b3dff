// The users and roles that trust policies name. IAM means the identity, not its name: a policy that names one which
// is deleted shows its unique id from then on, and a new identity of that name is not trusted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
import type { PolicyDocument } from '@pergola/policy';
import type { Reader, Transaction } from '@pergola/store';
import { faults } from './faults.ts';
import {
  listRecords,
  readRecord,
  type StoredActor,
  type StoredRole,
  type Table,
  tables,
  writeRecord,
} from './state.ts';

/** Throws for a user or role of this account that does not exist. Those of other accounts are not known here. */
export function assertTrusteesExist(reader: Reader, account: string, document: PolicyDocument): void {
  for (const { principal } of document.statements) {
    for (const name of principal?.aws ?? []) {
      if (!exists(reader, account, name))
        throw faults.malformedPolicy(`Invalid principal in policy: "AWS":"${name}"`);
    }
  }
}

function exists(reader: Reader, account: string, name: string): boolean {
  if (name.startsWith('AIDA'))
    return listRecords(reader, tables.users, account).some(({ id }) => id === name);
  if (name.startsWith('AROA'))
    return listRecords(reader, tables.roles, account).some(({ id }) => id === name);
  const [, owner, noun] = /^arn:[^:]+:iam::(\d+):(user|role)\//.exec(name) ?? [];
  if (owner !== account) return true;
  const table: Table<StoredActor> = noun === 'user' ? tables.users : tables.roles;
  return readRecord(reader, table, account, name.slice(name.lastIndexOf('/') + 1))?.arn === name;
}

/** Lets every trust policy of the account name `to` where it names `from`: a new ARN, or the id of what is no more. */
export function renameTrustee(tx: Transaction, account: string, from: string, to: string): void {
  for (const role of listRecords(tx, tables.roles, account)) {
    if (!role.trust.includes(from)) continue;
    const trust = renamed(role.trust, from, to);
    if (trust !== role.trust)
      writeRecord<StoredRole>(tx, tables.roles, { account, name: role.name }, { ...role, trust });
  }
}

interface LooseStatement {
  readonly Principal?: { readonly AWS?: string | readonly string[] } | string;
}

function renamed(trust: string, from: string, to: string): string {
  const document = JSON.parse(trust) as { readonly Statement: LooseStatement | readonly LooseStatement[] };
  let changed = false;
  const swap = (name: string) => {
    changed ||= name === from;
    return name === from ? to : name;
  };
  const statements = [document.Statement].flat().map((statement) => {
    const { Principal } = statement;
    if (typeof Principal !== 'object' || Principal.AWS === undefined) return statement;
    const AWS = typeof Principal.AWS === 'string' ? swap(Principal.AWS) : Principal.AWS.map(swap);
    return { ...statement, Principal: { ...Principal, AWS } };
  });
  return changed ? JSON.stringify({ ...document, Statement: statements }) : trust;
}
