// The only file that reads process.env.

/** A snapshot of the environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

export function readEnv(): Env {
  return Object.freeze({ ...process.env });
}
