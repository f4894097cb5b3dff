// The command line: words, options with a value, and flags, in any order, as the AWS CLI reads them.
import { UsageError } from './failure.ts';

export interface CommandLine {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

const valued = new Set(['region', 'endpoint-url', 'output', 'query', 'profile', 'content-type']);
const switches = new Set([
  'version',
  'no-cli-pager',
  'quiet',
  'only-show-errors',
  'recursive',
  'force',
  'no-progress',
]);

export function parseCommandLine(argv: readonly string[]): CommandLine {
  const words: string[] = [];
  const options = new Map<string, string>();
  const flags = new Set<string>();
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (!argument.startsWith('--')) {
      words.push(argument);
      continue;
    }
    const [name = '', inline] = argument.slice(2).split(/=(.*)/s);
    if (switches.has(name)) flags.add(name);
    else if (valued.has(name)) options.set(name, inline ?? valueAfter(argv, ++index, name));
    else throw new UsageError(`this small aws does not know the option --${name}`);
  }
  return { words, options, flags };
}

function valueAfter(argv: readonly string[], index: number, name: string): string {
  const value = argv[index];
  if (value === undefined) throw new UsageError(`argument --${name}: expected one argument`);
  return value;
}
