// The real command-line clients that this machine has. A test that needs one which is absent says so and skips.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const extraFolders = ['/usr/lib/google-cloud-sdk/bin'];
const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...extraFolders];

/** Absolute path of a program, or undefined. */
export function findProgram(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** `kubectl.1.29` style binaries, and plain `kubectl`, by version. */
export function findKubectls(): { readonly version: string; readonly path: string }[] {
  const versioned = folders
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
    .filter((name) => /^kubectl\.1\.\d+$/.test(name));
  const found = [...new Set(versioned)]
    .sort()
    .map((name) => ({ version: name.slice('kubectl.'.length), path: findProgram(name) ?? name }));
  const plain = findProgram('kubectl');
  return found.length > 0 || plain === undefined ? found : [{ version: versionOf(plain), path: plain }];
}

function versionOf(kubectl: string): string {
  const text = execFileSync(kubectl, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const { clientVersion } = JSON.parse(text) as { clientVersion: { major: string; minor: string } };
  return `${clientVersion.major}.${Number.parseInt(clientVersion.minor, 10)}`;
}

/** True when python3 can import boto3. */
export function hasBoto3(): boolean {
  try {
    execFileSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    env?: Record<string, string | undefined>;
    input?: string;
    cwd?: string;
    /** Default 100 seconds. */
    timeoutMs?: number;
  } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      {
        env: options.env ?? process.env,
        cwd: options.cwd,
        maxBuffer: 64 * 1024 * 1024,
        timeout: options.timeoutMs ?? 100_000,
      },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({
          code,
          stdout,
          stderr: error && typeof error.code === 'string' ? `${stderr}${error.message}` : stderr,
        });
      },
    );
    child.stdin?.end(options.input ?? '');
  });
}

/** Why a test is skipped, for its title. */
export const because = (missing: string) => ` (skipped: ${missing} is not on this machine)`;
