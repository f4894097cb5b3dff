// ListLogGroups.
import type { ListLogGroupsRequest, ListLogGroupsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onAccount } from './access.ts';
import { groupArn } from './arn.ts';
import { faults } from './faults.ts';
import { homeOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { pageOfNames } from './paging.ts';
import { groupsOf, type LogGroup } from './state.ts';

const PAGE_GROUPS = 50;

export const listLogGroups = defineOperation<ListLogGroupsRequest, ListLogGroupsResponse>({
  name: 'ListLogGroups',
  access: onAccount('logs:ListLogGroups'),
  validate({ dataSources, fieldIndexNames, logGroupTags }) {
    if (dataSources) throw faults.notImplemented('Listing log groups by data source');
    if (fieldIndexNames) throw faults.notImplemented('Listing log groups by field index');
    if (logGroupTags) throw faults.notImplemented('Listing log groups by tag');
  },
  handle(call, input) {
    const { tokens } = logsOf(call.plane);
    const page = pageOfNames({ tokens, scope: `ListLogGroups/${call.account}/${call.region}` }, input, {
      limit: input.limit ?? PAGE_GROUPS,
      list: (after) => matching(call, input, after),
    });
    return {
      logGroups: page.items.map((group) => ({
        logGroupName: group.name,
        logGroupArn: groupArn(group),
        logGroupClass: group.class,
      })),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

function matching(call: Call, input: ListLogGroupsRequest, after: string | undefined): LogGroup[] {
  const { accountIdentifiers, logGroupClass, logGroupNamePattern } = input;
  if (accountIdentifiers && !accountIdentifiers.includes(call.account)) return [];
  const isWanted = nameTest(logGroupNamePattern);
  return groupsOf(call.plane.store, homeOf(call), '', { after }).filter(
    (group) => isWanted(group.name) && (logGroupClass === undefined || group.class === logGroupClass),
  );
}

/** Up to five alternatives, each a part of the name, or its beginning after `^`. */
function nameTest(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const alternatives = pattern.split('|');
  return (name) =>
    alternatives.some((part) =>
      part.startsWith('^') ? name.startsWith(part.slice(1)) : name.includes(part),
    );
}
