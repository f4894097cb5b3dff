// The command line of psql, as far as this one has it.

/** What to run, in the order of the command line. */
export type Action =
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

export interface CommandLine {
  readonly actions: readonly Action[];
  /** `host`, `port`, `user`, and `dbname`, which may be a URI or a list of settings. */
  readonly connection: Readonly<Record<string, string>>;
  readonly variables: ReadonlyMap<string, string>;
  readonly format: { readonly tuplesOnly: boolean; readonly aligned: boolean; readonly separator: string };
  readonly quiet: boolean;
  readonly singleTransaction: boolean;
  readonly wants: 'run' | 'version' | 'help';
}

/** Something about the command line itself; psql ends with 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Long names of the options; those with a value end with `=`. */
const longOptions: Readonly<Record<string, string>> = {
  'command=': 'c',
  'dbname=': 'd',
  'field-separator=': 'F',
  'file=': 'f',
  help: '?',
  'host=': 'h',
  'no-align': 'A',
  'no-password': 'w',
  'no-psqlrc': 'X',
  'port=': 'p',
  quiet: 'q',
  'set=': 'v',
  'single-transaction': '1',
  'tuples-only': 't',
  'username=': 'U',
  'variable=': 'v',
  version: 'V',
};
const withValue = 'cdFfhpUv';
const withoutValue = 'AwXq1tV?';
const connectionNames: Readonly<Record<string, string>> = { h: 'host', p: 'port', U: 'user', d: 'dbname' };

interface Given {
  readonly name: string;
  readonly value: string;
}

export function parseCommandLine(argv: readonly string[]): CommandLine {
  const words: string[] = [];
  const given: Given[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') words.push(...argv.slice(at + 1));
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') words.push(word);
    else if (word.startsWith('--')) at += readLong(word, argv[at + 1], given);
    else at += readShort(word, argv[at + 1], given);
  }
  return assemble(given, words);
}

/** Both return how many further words they took. */
function readLong(word: string, next: string | undefined, given: Given[]): number {
  const [name = '', ...rest] = word.slice(2).split('=');
  const value = rest.length > 0 ? rest.join('=') : undefined;
  const flag = longOptions[name];
  const option = longOptions[`${name}=`];
  if (flag !== undefined && value === undefined) {
    given.push({ name: flag, value: '' });
    return 0;
  }
  if (option === undefined) throw new UsageError(`unrecognized option '${word}'`);
  if (value === undefined && next === undefined)
    throw new UsageError(`option '${word}' requires an argument`);
  given.push({ name: option, value: value ?? next ?? '' });
  return value === undefined ? 1 : 0;
}

function readShort(word: string, next: string | undefined, given: Given[]): number {
  for (let at = 1; at < word.length; at++) {
    const name = word[at] ?? '';
    if (withValue.includes(name)) {
      const rest = word.slice(at + 1);
      if (rest === '' && next === undefined) throw new UsageError(`option requires an argument -- '${name}'`);
      given.push({ name, value: rest === '' ? (next ?? '') : rest });
      return rest === '' ? 1 : 0;
    }
    if (!withoutValue.includes(name)) throw new UsageError(`invalid option -- '${name}'`);
    given.push({ name, value: '' });
  }
  return 0;
}

function assemble(given: readonly Given[], words: readonly string[]): CommandLine {
  const has = (name: string) => given.some((option) => option.name === name);
  const connection: Record<string, string> = {};
  for (const { name, value } of given) {
    const setting = connectionNames[name];
    if (setting !== undefined) connection[setting] = value;
  }
  const [first, second] = connection['dbname'] === undefined ? words : [undefined, words[0]];
  if (first !== undefined) connection['dbname'] = first;
  if (second !== undefined) connection['user'] ??= second;
  return {
    actions: given.flatMap(({ name, value }): Action[] => {
      if (name === 'c') return [{ kind: 'command', text: value }];
      return name === 'f' ? [{ kind: 'file', path: value }] : [];
    }),
    connection,
    variables: new Map(given.filter(({ name }) => name === 'v').map(({ value }) => variableOf(value))),
    format: {
      tuplesOnly: has('t'),
      aligned: !has('A'),
      separator: given.findLast(({ name }) => name === 'F')?.value ?? '|',
    },
    quiet: has('q'),
    singleTransaction: has('1'),
    wants: has('V') ? 'version' : has('?') ? 'help' : 'run',
  };
}

function variableOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
