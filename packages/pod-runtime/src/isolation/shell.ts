// Shell text for the two stages of a start. Stage one (mounts, no secrets) may stand in argv; stage two
// (environment and command) travels in an unlinked file as descriptor 3, so that `ps` never shows it and
// nothing of the pod's environment (LD_PRELOAD) touches a process that still has privileges.
import type { Command } from './isolation.ts';

/** `text` as one word of POSIX shell. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const shellName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables that dash or bash treat as read-only or set themselves; given through env(1) instead. */
const shellOwned = new Set([
  'PWD',
  'OLDPWD',
  'PPID',
  'UID',
  'EUID',
  'SHELLOPTS',
  'BASHOPTS',
  'BASH_VERSINFO',
  'OPTIND',
  'IFS',
  '_',
]);

/** Text for `reason` of a failed start, worded as containerd does. */
export function notFoundMessage(program: string): string {
  return program.includes('/')
    ? `exec: "${program}": stat ${program}: no such file or directory`
    : `exec: "${program}": executable file not found in $PATH`;
}

/**
 * Stage two. Reports on descriptor 4: an error text, or `tty <device>` and then `ok`; whoever reads sees
 * the end of the stream as soon as the program runs.
 */
export function commandScript(command: Command, scriptTool: string | undefined): string {
  const entries = Object.entries(command.env);
  const plain = entries.filter(([name]) => shellName.test(name) && !shellOwned.has(name));
  const odd = entries.filter(([name]) => !shellName.test(name) || shellOwned.has(name));
  const program = command.argv[0] ?? '';
  const words = command.argv.map(quote).join(' ');
  const viaEnv = odd.length > 0 ? `/usr/bin/env ${odd.map(([k, v]) => quote(`${k}=${v}`)).join(' ')} ` : '';
  const cwd = quote(command.cwd);
  const lines = [
    ...plain.map(([name, value]) => `export ${name}=${quote(value)}`),
    `cd -- ${cwd} 2>/dev/null || { echo ${quote(`chdir to cwd ("${command.cwd}") set in config.json failed: no such file or directory`)} >&4; exit 128; }`,
    `command -v -- ${quote(program)} >/dev/null 2>&1 || { echo ${quote(notFoundMessage(program))} >&4; exit 128; }`,
    'unset PWD OLDPWD',
  ];
  if (!command.tty) return [...lines, 'echo ok >&4', `exec ${viaEnv}${words} 3<&- 4>&-`, ''].join('\n');
  if (!scriptTool)
    return [...lines, `echo 'a terminal needs script(1) on this machine' >&4`, 'exit 128', ''].join('\n');
  const { size } = command;
  const stty = size ? `stty cols ${size.columns} rows ${size.rows}; ` : '';
  const inner = `${stty}echo "tty $(tty)" >&4; echo ok >&4; exec ${viaEnv}${words} 3<&- 4>&-`;
  return [...lines, `exec ${quote(scriptTool)} -qec ${quote(inner)} /dev/null 3<&-`, ''].join('\n');
}
