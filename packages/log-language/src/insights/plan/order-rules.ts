// Which commands may stand where.
import type { Command } from '../syntax/command.ts';
import { QueryFailure } from '../syntax/token.ts';

const statsMax = 2;

/** Throws a QueryFailure at the first command that stands where it may not. */
export function checkOrder(commands: readonly Command[]): void {
  let stats = 0;
  for (const [index, command] of commands.entries()) {
    const before = commands.slice(0, index);
    if (command.kind === 'source' && before.some(({ kind }) => kind !== 'source')) throw unexpected(command);
    if (before.some(({ kind }) => kind === 'dedup') && command.kind !== 'limit') throw unexpected(command);
    if (command.kind === 'diff' && before.at(-1)?.kind !== 'pattern') {
      throw new QueryFailure(
        'Diff compilation Failed : Diff operation has to be used after Pattern',
        command,
      );
    }
    if (command.kind !== 'stats') continue;
    stats += 1;
    if (stats > statsMax) throw new QueryFailure('a query can have at most two stats commands', command);
    const misplaced = before.find(({ kind }) => kind === 'limit' || (kind === 'sort' && stats > 1));
    if (misplaced)
      throw new QueryFailure(`${misplaced.kind} must come after the last stats command`, misplaced);
  }
}

function unexpected(command: Command): QueryFailure {
  return new QueryFailure(`unexpected symbol found ${command.kind}`, {
    start: command.start,
    end: command.start + command.kind.length,
  });
}
