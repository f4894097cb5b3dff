// Fills the fields whose text lies in a Secret, and finds out which of them AWS has not been given yet.
import type { StepResult } from '@pergola/controller-kit';
import { isRecord } from '@pergola/kernel';
import { ownAnnotations } from '../names.ts';
import { resolveSecrets } from '../resolve-secrets.ts';
import type { Run } from '../run.ts';
import { annotate } from '../write/object-writes.ts';

export async function fillSecrets(run: Run): Promise<StepResult> {
  if (run.kind.secrets.length === 0 || run.isBeingDeleted) return undefined;
  const { lookup, crossNamespace, memory } = run.context;
  const { namespace, dependencies } = run;
  const onCrossing = (what: string) => run.adviseCrossing(what);
  const scope = { lookup, namespace, crossNamespace, dependencies, onCrossing };
  const { spec, versions, texts } = await resolveSecrets(run.kind, run.wanted.spec, scope);
  const applied = appliedVersions(run.annotation(ownAnnotations.appliedSecrets));
  const known = run.remembered.secretDigests;
  const changedSecrets: string[] = [];
  for (const [path, version] of Object.entries(versions)) {
    const digest = memory.digest(texts[path] ?? '');
    run.secrets.set(path, { version, digest });
    if (applied[path] === version) known.set(path, digest);
    // A Secret that was written again with the same text is no new password.
    else if (applied[path] === undefined || known.get(path) !== digest) changedSecrets.push(path);
  }
  run.want({ spec, changedSecrets });
  return undefined;
}

/** Remembers that AWS has the texts that were read in this run. */
export async function rememberSecrets(run: Run): Promise<void> {
  const versions = Object.fromEntries([...run.secrets].map(([path, { version }]) => [path, version]));
  const value = run.secrets.size === 0 ? undefined : JSON.stringify(versions);
  for (const [path, { digest }] of run.secrets) run.remembered.secretDigests.set(path, digest);
  run.want({ changedSecrets: [] });
  await annotate(run, { [ownAnnotations.appliedSecrets]: value });
}

function appliedVersions(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    // Somebody wrote into it: then nothing is known of what AWS has, and it is given the text again.
    return {};
  }
}
