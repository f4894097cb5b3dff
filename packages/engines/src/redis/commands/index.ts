// All commands of the server, by name: the list to which a file with commands is added.
import type { Command } from '../command.ts';
import { aclCommands } from './acl-commands.ts';
import { bitCommands } from './bits.ts';
import { blockingCommands } from './blocking.ts';
import { clusterCommands } from './clusters.ts';
import { describingCommands } from './command-facts.ts';
import { connectionCommands } from './connections.ts';
import { counterCommands } from './counters.ts';
import { expiryCommands } from './expiry.ts';
import { hashCommands } from './hashes.ts';
import { hyperLogLogCommands } from './hyper-log-logs.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { publishingCommands } from './publishing.ts';
import { scanCommands } from './scans.ts';
import { serverFactCommands } from './server-facts.ts';
import { setCommands } from './sets.ts';
import { sortingCommands } from './sorting.ts';
import { sortedCombinationCommands } from './sorted-combinations.ts';
import { sortedSetCommands } from './sorted-sets.ts';
import { streamClaimCommands } from './stream-claims.ts';
import { streamGroupCommands } from './stream-groups.ts';
import { streamCommands } from './streams.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';

const all: readonly Command[] = [
  ...stringCommands,
  ...counterCommands,
  ...bitCommands,
  ...keyCommands,
  ...expiryCommands,
  ...scanCommands,
  ...hashCommands,
  ...listCommands,
  ...blockingCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...sortedCombinationCommands,
  ...hyperLogLogCommands,
  ...sortingCommands,
  ...streamCommands,
  ...streamGroupCommands,
  ...streamClaimCommands,
  ...publishingCommands,
  ...transactionCommands,
  ...connectionCommands,
  ...serverFactCommands,
  ...aclCommands,
  ...clusterCommands,
];

/** By lower-case name. */
export const commandTable: ReadonlyMap<string, Command> = new Map(
  [...all, ...describingCommands(() => [...commandTable.values()])].map((command) => [command.name, command]),
);
