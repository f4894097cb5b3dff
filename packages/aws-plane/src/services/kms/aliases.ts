// CreateAlias, UpdateAlias, DeleteAlias, ListAliases.
import type {
  AliasListEntry,
  CreateAliasRequest,
  DeleteAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
} from '@aws-sdk/client-kms';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import { type Access, defineOperation, iam } from '../../operation.ts';
import { checkOnKey } from './access.ts';
import { assertKept, keyById } from './change-key.ts';
import { faults } from './faults.ts';
import { aliasArn, managedServices, parseKeyName } from './key-names.ts';
import { pageOf } from './pages.ts';
import { deleteAlias, findAlias, type Home, listAliases, putAlias, type StoredAlias } from './state.ts';

const PAGE_ALIASES = 50;
const MOST_ALIASES = 50;

interface AliasInput {
  readonly AliasName?: string | undefined;
  readonly TargetKeyId?: string | undefined;
}

/** One action on the alias, and on each key that it leads or is to lead to. */
function onAlias<Input extends AliasInput>(action: string): Access<Input> {
  return {
    iam(input, call) {
      const name = input.AliasName ?? '';
      const known = findAlias(call.plane.store, call, name)?.keyId;
      const keys = [known, input.TargetKeyId].filter((id) => id !== undefined);
      const alias: AccessCheck = { action, resource: aliasArn(call, name) };
      return [alias, ...keys.map((id) => checkOnKey(call, action, parseKeyName(call, id)))];
    },
  };
}

function assertAliasName(name: string): void {
  if (!name.startsWith('alias/')) throw faults.validation('Alias must start with the prefix "alias/".');
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) throw faults.invalidAlias('Alias contains invalid characters.');
  if (name.startsWith('alias/aws/')) throw faults.reservedAlias();
}

/** The key that an alias shall lead to, which must be of this account and its owner's own. */
function targetKeyId(call: Call, text: string): string {
  const key = assertKept(keyById(call, text));
  if (key.account !== call.account) throw faults.invalidKeyId(text);
  if (key.manager === 'AWS') throw faults.aliasOfManagedKey();
  return key.id;
}

export const createAlias = defineOperation<CreateAliasRequest, object>({
  name: 'CreateAlias',
  access: onAlias('kms:CreateAlias'),
  validate: ({ AliasName = '' }) => assertAliasName(AliasName),
  async handle(call, { AliasName: name = '', TargetKeyId = '' }) {
    const home = homeOf(call);
    const keyId = targetKeyId(call, TargetKeyId);
    await call.plane.store.transact((tx) => {
      if (findAlias(tx, home, name)) throw faults.aliasExists(aliasArn(home, name));
      if (listAliases(tx, home).filter((alias) => alias.keyId === keyId).length >= MOST_ALIASES)
        throw faults.tooManyAliases();
      putAlias(tx, home, { name, keyId, createdMs: call.nowMs, updatedMs: call.nowMs });
    });
    return {};
  },
});

export const updateAlias = defineOperation<UpdateAliasRequest, object>({
  name: 'UpdateAlias',
  access: onAlias('kms:UpdateAlias'),
  validate: ({ AliasName = '' }) => assertAliasName(AliasName),
  async handle(call, { AliasName: name = '', TargetKeyId = '' }) {
    const home = homeOf(call);
    const keyId = targetKeyId(call, TargetKeyId);
    await call.plane.store.transact((tx) => {
      const alias = findAlias(tx, home, name);
      if (!alias) throw faults.noSuchAlias(aliasArn(home, name));
      putAlias(tx, home, { ...alias, keyId, updatedMs: call.nowMs });
    });
    return {};
  },
});

export const deleteAliasOperation = defineOperation<DeleteAliasRequest, object>({
  name: 'DeleteAlias',
  access: onAlias('kms:DeleteAlias'),
  validate: ({ AliasName = '' }) => assertAliasName(AliasName),
  async handle(call, { AliasName: name = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      if (!findAlias(tx, home, name)) throw faults.noSuchAlias(aliasArn(home, name));
      deleteAlias(tx, home, name);
    });
    return {};
  },
});

export const listAliasesOperation = defineOperation<ListAliasesRequest, ListAliasesResponse>({
  name: 'ListAliases',
  access: iam('kms:ListAliases'),
  handle(call, input) {
    const { items, ...page } = pageOf(
      entriesOf(call, input),
      ({ AliasName = '' }) => AliasName,
      input,
      PAGE_ALIASES,
    );
    return { Aliases: [...items], ...page };
  },
});

/** Those of one key, or all: then also those of services whose keys are yet to be made. */
function entriesOf(call: Call, { KeyId }: ListAliasesRequest): AliasListEntry[] {
  const home = homeOf(call);
  const known = listAliases(call.plane.store, home);
  if (KeyId !== undefined) {
    const { id } = keyById(call, KeyId);
    return known.filter((alias) => alias.keyId === id).map((alias) => entryOf(home, alias));
  }
  const names = new Set(known.map(({ name }) => name));
  const unused = managedServices.map((service) => `alias/aws/${service}`).filter((name) => !names.has(name));
  return [
    ...known.map((alias) => entryOf(home, alias)),
    ...unused.map((AliasName) => ({ AliasName, AliasArn: aliasArn(home, AliasName) })),
  ].sort((a, b) => (a.AliasName < b.AliasName ? -1 : 1));
}

function entryOf(home: Home, { name, keyId, createdMs, updatedMs }: StoredAlias) {
  return {
    AliasName: name,
    AliasArn: aliasArn(home, name),
    TargetKeyId: keyId,
    CreationDate: new Date(createdMs),
    LastUpdatedDate: new Date(updatedMs),
  };
}

function homeOf({ account, region }: Call): Home {
  return { account, region };
}
