// ListSecrets, its filters and its pages.
import type {
  Filter,
  ListSecretsRequest,
  ListSecretsResponse,
  SecretListEntry,
} from '@aws-sdk/client-secrets-manager';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { secretArn } from './secret-names.ts';
import { commonShape, stagesOf } from './secrets.ts';
import { listSecrets, type Secret } from './state.ts';

const PAGE_ITEMS = 100;

/** One page of `all`. The token holds the place and the key of the last item given, for items come and go. */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  {
    MaxResults,
    NextToken,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const start = NextToken === undefined ? 0 : startAfter(all, keyOf, NextToken);
  const end = start + (MaxResults ?? PAGE_ITEMS);
  const items = all.slice(start, end);
  const last = items.at(-1);
  if (last === undefined || end >= all.length) return { items };
  return { items, NextToken: Buffer.from(`${end}:${keyOf(last)}`).toString('base64url') };
}

function startAfter<T>(all: readonly T[], keyOf: (item: T) => string, token: string): number {
  const match = /^(\d{1,9}):(.+)$/s.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (!match) throw faults.invalidToken();
  const found = all.findIndex((item) => keyOf(item) === match[2]);
  return found < 0 ? Number(match[1]) - 1 : found + 1;
}

type Words = (secret: Secret) => readonly string[];

const keys = ({ tags }: Secret) => Object.keys(tags);
const values = ({ tags }: Secret) => Object.values(tags);

/** What a filter looks at, and whether upper and lower case differ there. */
const filters: Readonly<Record<string, readonly [words: Words, caseCounts: boolean]>> = {
  name: [({ name }) => [name], true],
  description: [({ description }) => (description === undefined ? [] : [description]), false],
  'tag-key': [keys, true],
  'tag-value': [values, true],
  'primary-region': [() => [], true],
  'owning-service': [({ owner }) => (owner === undefined ? [] : [owner]), true],
  all: [
    (secret) =>
      [secret.name, secret.description ?? '', ...keys(secret), ...values(secret)].flatMap((text) => [
        text,
        ...text.split(/[\s/_+=.@!-]+/),
      ]),
    false,
  ],
};

/** All filters must match, any value of each, as the beginning of what is looked at; `!` turns a value around. */
export function matching(secrets: readonly Secret[], wanted: readonly Filter[] = []): Secret[] {
  const tests = wanted.map(({ Key = '', Values = [] }) => {
    const [words, caseCounts] = filters[Key] ?? [() => [], true];
    const fold = (text: string) => (caseCounts ? text : text.toLowerCase());
    return (secret: Secret) =>
      Values.some((value) => {
        const turned = value.startsWith('!');
        const prefix = fold(turned ? value.slice(1) : value);
        return words(secret).some((word) => fold(word).startsWith(prefix)) !== turned;
      });
  });
  return secrets.filter((secret) => tests.every((test) => test(secret)));
}

const sortKeys: Readonly<Record<string, (secret: Secret) => number | string>> = {
  'created-date': ({ createdMs }) => createdMs,
  'last-accessed-date': ({ accessedMs }) => accessedMs ?? 0,
  'last-changed-date': ({ changedMs }) => changedMs,
  name: ({ name }) => name,
};

/** The newest first, unless the client says otherwise. */
function sorted(secrets: readonly Secret[], { SortBy, SortOrder = 'desc' }: ListSecretsRequest): Secret[] {
  const keyOf = sortKeys[SortBy ?? 'created-date'] ?? (({ createdMs }: Secret) => createdMs);
  const direction = SortOrder === 'asc' ? 1 : -1;
  return secrets.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -direction : keyOf(a) > keyOf(b) ? direction : 0));
}

export const listSecretsOperation = defineOperation<ListSecretsRequest, ListSecretsResponse>({
  name: 'ListSecrets',
  access: iam('secretsmanager:ListSecrets'),
  handle(call, input) {
    const all = listSecrets(call.plane.store, call, call.nowMs).filter(
      ({ deletion }) => !deletion || input.IncludePlannedDeletion === true,
    );
    const { items, ...page } = pageOf(sorted(matching(all, input.Filters), input), secretArn, input);
    return { SecretList: items.map(entryOf), ...page };
  },
});

function entryOf(secret: Secret): SecretListEntry {
  const stages = stagesOf(secret);
  return {
    ...commonShape(secret),
    ...(secret.deletion && { DeletedDate: new Date(secret.deletion.askedMs) }),
    ...(Object.keys(stages).length > 0 && { SecretVersionsToStages: stages }),
  };
}
