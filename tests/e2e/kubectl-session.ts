// One kubectl of one version, in a namespace and a HOME of its own, against a started sandbox.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '@pergola/sandbox';
import { expect } from 'vitest';
import { findKubectls, type Ran, run } from './clients.ts';

/** The two ends of what people use: 1.29 sends JSON and speaks SPDY, 1.33 sends protobuf and speaks WebSocket. */
export const fullVersions = findKubectls().filter(({ version }) => ['1.29', '1.33'].includes(version));

/** Arguments: a line of words, or a list where a word has a space. */
export type Arguments = string | readonly string[];

export class KubectlSession implements AsyncDisposable {
  readonly namespace: string;
  /** A folder for files; also HOME, so that no cache of another server is used. */
  readonly home: string;
  readonly path: string;
  readonly #sandbox: Sandbox;
  readonly #children = new Set<ChildProcess>();

  constructor(sandbox: Sandbox, kubectl: { path: string }, namespace: string) {
    this.#sandbox = sandbox;
    this.path = kubectl.path;
    this.namespace = namespace;
    this.home = mkdtempSync(join(tmpdir(), 'pergola-kubectl-'));
  }

  /** A session whose namespace has been made and has its ServiceAccount. */
  static async open(sandbox: Sandbox, kubectl: { path: string }, namespace: string): Promise<KubectlSession> {
    const session = new KubectlSession(sandbox, kubectl, namespace);
    await session.prints(`create namespace ${namespace}`);
    await session.eventually('get serviceaccount -o name', /default/);
    return session;
  }

  /** Runs to the end, whatever the exit code. Input that is not a text goes in as JSON. */
  run(args: Arguments, input?: unknown, more: Record<string, string> = {}): Promise<Ran> {
    const text = input === undefined || typeof input === 'string' ? input : JSON.stringify(input);
    return run(this.path, this.#arguments(args), {
      env: this.environment(more),
      ...(text === undefined ? {} : { input: text }),
    });
  }

  /** What was printed; fails the test when kubectl fails. */
  async prints(args: Arguments, input?: unknown): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout.trim();
  }

  /** What was complained; fails the test when kubectl succeeds. */
  async complains(args: Arguments, input?: unknown): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    expect({ args, code, stdout: code === 0 ? stdout : '' }).not.toMatchObject({ code: 0 });
    return stderr.trim();
  }

  /** Prints until the text holds, up to 200 times; for what takes its time. */
  async eventually(args: Arguments, holds: RegExp): Promise<string> {
    let text = '';
    for (let tries = 0; tries < 200 && (tries === 0 || !holds.test(text)); tries++) {
      text = (await this.run(args)).stdout.trim();
    }
    expect(text).toMatch(holds);
    return text;
  }

  /** Starts a kubectl that goes on; it ends with the session. */
  start(args: Arguments): ChildProcess {
    const child = spawn(this.path, this.#arguments(args), { env: this.environment() });
    this.#children.add(child);
    child.stdin?.on('error', () => {}); // NOTE: a kubectl that has ended reads no more.
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  environment(more: Record<string, string> = {}): Record<string, string | undefined> {
    return { PATH: process.env['PATH'], ...this.#sandbox.environment, HOME: this.home, ...more };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }

  #arguments(args: Arguments): string[] {
    return ['--namespace', this.namespace, ...(typeof args === 'string' ? args.split(' ') : args)];
  }
}

/** Everything that a process prints, growing. */
export function outputOf(child: ChildProcess): { text: string } {
  const output = { text: '' };
  const add = (chunk: unknown) => {
    output.text += String(chunk);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return output;
}
