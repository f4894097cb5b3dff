// The only file that touches process.env.

/** A snapshot of the environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

export function readEnv(): Env {
  return Object.freeze({ ...process.env });
}

/** Sets a variable for libraries that read the environment themselves, unless the user has set it. */
export function presetEnv(name: string, value: string): void {
  process.env[name] ??= value;
}
