// StartLiveTail: the events of up to ten groups as they come in.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html
import type {
  LiveTailSessionStart,
  StartLiveTailRequest,
  StartLiveTailResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnGroup } from '../access.ts';
import type { GroupName } from '../arn.ts';
import { faults } from '../faults.ts';
import { groupAt, identifiedName } from '../groups.ts';
import { roomOf } from './live-tail-room.ts';
import { LiveTailSelection } from './live-tail-selection.ts';
import { LiveTailSession } from './live-tail-session.ts';
import { logsOf } from '../logs-context.ts';
import { assertPattern } from '../pattern.ts';

export const startLiveTail = defineOperation<StartLiveTailRequest, StartLiveTailResponse>({
  name: 'StartLiveTail',
  access: {
    iam: (input, call) => namesIn(call, input).map((at) => checkOnGroup(call, 'logs:StartLiveTail', at)),
  },
  validate({ logGroupIdentifiers, logStreamNames, logStreamNamePrefixes, logEventFilterPattern }) {
    if (logStreamNames && logStreamNamePrefixes)
      throw faults.invalidParameter('Only one of logStreamNames and logStreamNamePrefixes may be specified.');
    if ((logStreamNames ?? logStreamNamePrefixes) && logGroupIdentifiers?.length !== 1)
      throw faults.invalidParameter(
        'logStreamNames and logStreamNamePrefixes can be specified with a single log group only.',
      );
    if (logEventFilterPattern !== undefined) assertPattern(logEventFilterPattern);
  },
  handle(call, input) {
    const { plane } = call;
    const groups = namesIn(call, input).map((at) => groupAt(plane.store, at));
    for (const group of groups) {
      if (group.class !== 'STANDARD') throw faults.classRefuses('Live Tail', group.class);
    }
    const start = { sessionStart: startOf(call, input) };
    const responseStream = roomOf(plane).open(call.account, (onEnd) => {
      const sources = { events: logsOf(plane).events, clock: plane.clock, onEnd };
      return new LiveTailSession(start, new LiveTailSelection(groups, input), sources);
    });
    return { responseStream };
  },
});

function namesIn(call: Call, { logGroupIdentifiers = [] }: StartLiveTailRequest): readonly GroupName[] {
  return logGroupIdentifiers.map((identifier) => {
    if (!identifier.startsWith('arn:') || identifier.endsWith('*')) throw faults.invalidArn();
    return identifiedName(call, identifier);
  });
}

function startOf({ requestId, plane }: Call, input: StartLiveTailRequest): LiveTailSessionStart {
  const { logGroupIdentifiers, logStreamNames, logStreamNamePrefixes, logEventFilterPattern } = input;
  return {
    requestId,
    sessionId: plane.random.uuid(),
    logGroupIdentifiers,
    logStreamNames: logStreamNames ?? [],
    logStreamNamePrefixes: logStreamNamePrefixes ?? [],
    logEventFilterPattern: logEventFilterPattern ?? '',
  };
}
