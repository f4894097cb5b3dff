// StartQuery.
import type { StartQueryRequest, StartQueryResponse } from '@aws-sdk/client-cloudwatch-logs';
import { compileQuery, type CompiledQuery, type QuerySources } from '@pergola/log-language';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnGroup } from '../access.ts';
import { groupArn, type GroupName } from '../arn.ts';
import { faults } from '../faults.ts';
import { homeOf, identifiedName } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { assertQueryLanguage } from './query-language.ts';
import { CONCURRENT_MAX } from './query-runs.ts';
import { assertInstants, LATEST_MS } from '../reading.ts';
import { forgetExpired } from '../retention.ts';
import { findGroup, groupsOf, type LogGroup, refOf } from '../state.ts';

type Input = StartQueryRequest;

const GROUPS_MAX = 50;
/** Of groups that the query finds by their names. */
const SOURCE_GROUPS_MAX = 10_000;
const SECOND_MS = 1_000;

export const startQuery = defineOperation<Input, StartQueryResponse>({
  name: 'StartQuery',
  access: {
    iam(input, call) {
      const actions = ['logs:StartQuery', ...(compiled(call, input).unmasks ? ['logs:Unmask'] : [])];
      const names = namesOf(call, input);
      return actions.flatMap((action) => names.map((at) => checkOnGroup(call, action, at)));
    },
  },
  validate(input, call) {
    const { startTime = 0, endTime = 0 } = input;
    assertInstants({ startTime, endTime });
    if (startTime > endTime) throw faults.invalidParameter('startTime must not be after endTime.');
    const most = listsOf(input).length > 0 ? GROUPS_MAX : SOURCE_GROUPS_MAX;
    if (namesOf(call, input).length > most) throw faults.tooManyQueried(most);
  },
  async handle(call, input) {
    const { plane, nowMs } = call;
    const { queries } = logsOf(plane);
    const home = homeOf(call);
    const query = compiled(call, input);
    const groups = namesOf(call, input).map((at) => queriedGroup(call, at));
    assertClasses(query, groups);
    for (const group of groups) await forgetExpired(plane, group);
    if (queries.unfinished(home) >= CONCURRENT_MAX) throw faults.tooManyQueries(CONCURRENT_MAX);
    const id = plane.random.uuid();
    queries.start({
      id,
      home,
      caller: 'arn' in call.principal.facts ? call.principal.facts.arn : '',
      text: input.queryString ?? '',
      groups: groups.map(refOf),
      context: contextOf(call, input),
      createdMs: nowMs,
    });
    return { queryId: id };
  },
});

/** Both ends are seconds and inclusive: the last second counts to its end. */
function contextOf({ nowMs }: Call, { startTime = 0, endTime = 0, limit }: Input) {
  return {
    startMs: Math.min(startTime * SECOND_MS, LATEST_MS),
    endMs: Math.min(endTime * SECOND_MS + SECOND_MS - 1, LATEST_MS),
    nowMs,
    limit,
  };
}

function compiled(call: Call, input: Input): CompiledQuery {
  assertQueryLanguage(input.queryLanguage);
  const query = compileQuery(input.queryString ?? '', contextOf(call, input));
  if (!query.ok) throw faults.malformedQuery(query.error);
  return query.value;
}

/** The members that name groups, of which one may be there. */
function listsOf(input: Input): (readonly string[])[] {
  const { logGroupName, logGroupNames, logGroupIdentifiers } = input;
  const lists = [logGroupName === undefined ? [] : [logGroupName], logGroupNames, logGroupIdentifiers];
  return lists.flatMap((list) => (list && list.length > 0 ? [list] : []));
}

/** The groups that the request names, or those that the query names itself. */
function namesOf(call: Call, input: Input): GroupName[] {
  const given = listsOf(input);
  if (given.length > 1) throw faults.ambiguousGroups();
  const { sources } = compiled(call, input);
  const [names] = given;
  if (names) return [...new Set(names)].map((name) => identifiedName(call, name));
  if (!sources) throw faults.needsQueriedGroups();
  return sourceNames(call, sources);
}

/** A prefix finds groups of the class STANDARD only, as in AWS; any group may be named. */
function sourceNames(call: Call, { names, prefixes }: QuerySources): GroupName[] {
  const home = homeOf(call);
  const found = new Map<string, GroupName>();
  for (const name of names) {
    const at = identifiedName(call, name);
    found.set(groupArn(at), at);
  }
  for (const prefix of prefixes)
    for (const group of groupsOf(call.plane.store, home, prefix))
      if (group.class === 'STANDARD') found.set(groupArn(group), group);
  if (found.size === 0) throw faults.needsQueriedGroups();
  return [...found.values()];
}

function queriedGroup(call: Call, at: GroupName): LogGroup {
  const group = findGroup(call.plane.store, at);
  if (!group) throw faults.noSuchQueriedGroup(at);
  return group;
}

function assertClasses({ standardClassOnly: [command] }: CompiledQuery, groups: readonly LogGroup[]): void {
  for (const group of groups) {
    if (group.class === 'DELIVERY') throw faults.classRefuses('queries', group.class);
    if (group.class === 'INFREQUENT_ACCESS' && command !== undefined)
      throw faults.classRefuses(`the command ${command}`, group.class);
  }
}
