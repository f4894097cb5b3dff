// `aws sts get-caller-identity`.
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { CommandLine } from './command-line.ts';
import { calling, UsageError } from './failure.ts';
import type { Session } from './session.ts';

/** JSON as the real one prints it; `--query NAME` and `--output text` as scripts use them. */
export async function callerIdentity(
  session: Session,
  _words: readonly string[],
  line: CommandLine,
): Promise<number> {
  const output = line.options.get('output') ?? 'json';
  if (output !== 'json' && output !== 'text')
    throw new UsageError(`this small aws prints --output json or text, not ${output}`);
  const {
    UserId = '',
    Account = '',
    Arn = '',
  } = await calling('GetCallerIdentity', session.sts.send(new GetCallerIdentityCommand({})));
  const answer: Readonly<Record<string, string>> = { UserId, Account, Arn };
  const query = line.options.get('query');
  const chosen = query === undefined ? answer : answer[query];
  if (chosen === undefined)
    throw new UsageError(`this small aws answers --query with one of ${Object.keys(answer).join(', ')}`);
  if (output !== 'text') process.stdout.write(`${JSON.stringify(chosen, undefined, 4)}\n`);
  else if (typeof chosen === 'string') process.stdout.write(`${chosen}\n`);
  else process.stdout.write(`${Account}\t${Arn}\t${UserId}\n`);
  return 0;
}
