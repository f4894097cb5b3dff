// DescribeLogGroups.
import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup as LogGroupShape,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onAccount } from './access.ts';
import { groupArn } from './arn.ts';
import { faults } from './faults.ts';
import { homeOf, identifiedName } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { pageOfNames } from './paging.ts';
import { countChildren, findGroup, groupsOf, type LogGroup, refOf } from './state.ts';

const PAGE_GROUPS = 50;

export const describeLogGroups = defineOperation<DescribeLogGroupsRequest, DescribeLogGroupsResponse>({
  name: 'DescribeLogGroups',
  access: onAccount('logs:DescribeLogGroups'),
  validate({ logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers, accountIdentifiers, ...input }) {
    if (logGroupNamePrefix !== undefined && logGroupNamePattern)
      throw faults.invalidParameter(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      );
    if (logGroupIdentifiers && (logGroupNamePrefix !== undefined || logGroupNamePattern))
      throw faults.invalidParameter(
        'logGroupIdentifiers cannot be combined with logGroupNamePrefix or logGroupNamePattern.',
      );
    if (accountIdentifiers && input.includeLinkedAccounts !== true)
      throw faults.invalidParameter(
        'accountIdentifiers can be specified only when includeLinkedAccounts is true.',
      );
  },
  async handle(call, input) {
    const { tokens } = logsOf(call.plane);
    const page = pageOfNames({ tokens, scope: `DescribeLogGroups/${call.account}/${call.region}` }, input, {
      limit: input.limit ?? PAGE_GROUPS,
      list: (after) => matching(call, input, after),
    });
    return {
      logGroups: await Promise.all(page.items.map((group) => describe(call, group))),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

/** The groups that are asked for, by name, behind `after`. */
function matching(call: Call, input: DescribeLogGroupsRequest, after: string | undefined): LogGroup[] {
  const { accountIdentifiers, logGroupIdentifiers, logGroupNamePattern: pattern, logGroupClass } = input;
  if (accountIdentifiers && !accountIdentifiers.includes(call.account)) return [];
  const { store } = call.plane;
  const groups = logGroupIdentifiers
    ? named(call, logGroupIdentifiers).filter(({ name }) => after === undefined || name > after)
    : groupsOf(store, homeOf(call), input.logGroupNamePrefix, { after, limit: readLimitOf(input) });
  return groups.filter(
    (group) =>
      (!pattern || group.name.includes(pattern)) &&
      (logGroupClass === undefined || group.class === logGroupClass),
  );
}

/** One more than a page where nothing is left out of what is read; else all of it. */
function readLimitOf({ limit = PAGE_GROUPS, logGroupNamePattern, logGroupClass }: DescribeLogGroupsRequest) {
  return logGroupNamePattern || logGroupClass !== undefined ? Infinity : limit + 1;
}

function named(call: Call, identifiers: readonly string[]): LogGroup[] {
  const found = new Map<string, LogGroup>();
  for (const identifier of identifiers) {
    const at = identifiedName(call, identifier);
    const group = at.account === call.account ? findGroup(call.plane.store, at) : undefined;
    if (group) found.set(group.name, group);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function describe({ plane }: Call, group: LogGroup): Promise<LogGroupShape> {
  const arn = groupArn(group);
  return {
    logGroupName: group.name,
    creationTime: group.createdMs,
    retentionInDays: group.retentionDays,
    metricFilterCount: countChildren(plane.store, group, 'metric-filter'),
    arn: `${arn}:*`,
    storedBytes: await logsOf(plane).events.storedBytes(refOf(group)),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.class,
    logGroupArn: arn,
    deletionProtectionEnabled: group.deletionProtected ?? false,
    bearerTokenAuthenticationEnabled: false,
  };
}
