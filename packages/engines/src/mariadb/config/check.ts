// Whether the server's own program would take parameters.
import { runTool } from '../../process/tool.ts';
import type { MariadbRuntime } from '../runtime.ts';
import { checkNames, optionWords, type Parameters } from './parameters.ts';

/** Rejects with its words, e.g. `Error while setting value 'much' to 'max_connections'`. */
export async function checkParameters(runtime: MariadbRuntime, parameters: Parameters): Promise<void> {
  checkNames(parameters);
  const words = optionWords(parameters);
  if (words.length === 0) return;
  const output = await runTool({
    program: runtime.server,
    folders: [],
    account: undefined,
    // As nobody's server on nobody's data: it reads its options, prints them and ends.
    words: () => [
      '--no-defaults',
      '--datadir=/nonexistent',
      '--user=nobody',
      ...words,
      '--verbose',
      '--help',
    ],
  }).catch((error: unknown) => {
    const { message } = error as Error;
    const said = [...message.matchAll(/\[ERROR\] (?:Buffered error: )?(?:\S*mariadbd: )?(.*)/g)].at(-1)?.[1];
    throw new Error(said ?? message, { cause: error });
  });
  // It would start with another value than the one that was asked for.
  const adjusted = /\[Warning\] (option '.*' adjusted to .*)/.exec(output)?.[1];
  if (adjusted !== undefined) throw new Error(adjusted);
}
