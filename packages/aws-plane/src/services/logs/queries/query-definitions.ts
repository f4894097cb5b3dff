// PutQueryDefinition, DescribeQueryDefinitions and DeleteQueryDefinition: queries that are kept under a name.
import type {
  DeleteQueryDefinitionRequest,
  DeleteQueryDefinitionResponse,
  DescribeQueryDefinitionsRequest,
  DescribeQueryDefinitionsResponse,
  PutQueryDefinitionRequest,
  PutQueryDefinitionResponse,
  QueryDefinition,
} from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../../operation.ts';
import { onAccount } from '../access.ts';
import { faults } from '../faults.ts';
import { homeOf } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { pageByKey } from '../paging.ts';
import { assertQueryLanguage } from './query-language.ts';
import { deleteRecord, listRecords, readRecord, type Table, writeRecord } from '../state.ts';

interface StoredDefinition {
  readonly id: string;
  readonly name: string;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
  readonly parameters: PutQueryDefinitionRequest['parameters'];
  readonly modifiedMs: number;
}

const definitions: Table<StoredDefinition> = { noun: 'query-definition' };
const DEFINITIONS_MAX = 1_000;
const PAGE_DEFINITIONS = 1_000;

export const putQueryDefinition = defineOperation<PutQueryDefinitionRequest, PutQueryDefinitionResponse>({
  name: 'PutQueryDefinition',
  access: onAccount('logs:PutQueryDefinition'),
  validate: ({ queryLanguage }) => assertQueryLanguage(queryLanguage),
  async handle(call, input) {
    const home = homeOf(call);
    const { plane, nowMs } = call;
    // A client token makes the same request twice one definition.
    const id = input.queryDefinitionId ?? input.clientToken ?? plane.random.uuid();
    await plane.store.transact((tx) => {
      const known = readRecord(tx, definitions, home, id);
      if (input.queryDefinitionId !== undefined && !known) throw faults.noSuchDefinition();
      if (!known && listRecords(tx, definitions, home).length >= DEFINITIONS_MAX)
        throw faults.limitExceeded('Resource limit exceeded.');
      const { name = '', queryString = '', logGroupNames = [], parameters } = input;
      const record = { id, name, queryString, logGroupNames, parameters, modifiedMs: nowMs };
      writeRecord(tx, definitions, { ...home, id }, record);
    });
    return { queryDefinitionId: id };
  },
});

export const describeQueryDefinitions = defineOperation<
  DescribeQueryDefinitionsRequest,
  DescribeQueryDefinitionsResponse
>({
  name: 'DescribeQueryDefinitions',
  access: onAccount('logs:DescribeQueryDefinitions'),
  validate: ({ queryLanguage }) => assertQueryLanguage(queryLanguage),
  handle(call, input) {
    const { queryDefinitionNamePrefix: prefix = '', maxResults } = input;
    const all = listRecords(call.plane.store, definitions, homeOf(call)).filter(({ name }) =>
      name.startsWith(prefix),
    );
    const pager = {
      tokens: logsOf(call.plane).tokens,
      scope: `DescribeQueryDefinitions/${call.account}/${call.region}`,
    };
    const page = pageByKey(pager, input, {
      all,
      limit: maxResults ?? PAGE_DEFINITIONS,
      keyOf: ({ name, id }) => `${name}\0${id}`,
    });
    return {
      queryDefinitions: page.items.map(shapeOf),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const deleteQueryDefinition = defineOperation<
  DeleteQueryDefinitionRequest,
  DeleteQueryDefinitionResponse
>({
  name: 'DeleteQueryDefinition',
  access: onAccount('logs:DeleteQueryDefinition'),
  async handle(call, { queryDefinitionId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      if (!readRecord(tx, definitions, home, queryDefinitionId)) throw faults.noSuchDefinition();
      deleteRecord(tx, definitions, home, queryDefinitionId);
    });
    return { success: true };
  },
});

function shapeOf({ id, name, queryString, logGroupNames, ...rest }: StoredDefinition): QueryDefinition {
  return {
    queryLanguage: 'CWLI',
    queryDefinitionId: id,
    name,
    queryString,
    lastModified: rest.modifiedMs,
    logGroupNames: [...logGroupNames],
    ...(rest.parameters && { parameters: rest.parameters }),
  };
}
