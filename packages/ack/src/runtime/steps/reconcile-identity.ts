// Which resource of AWS is meant, where the annotation adoption-fields says so instead of the spec.
import type { StepResult } from '@pergola/controller-kit';
import { isRecord } from '@pergola/kernel';
import { messageOf, TerminalFault } from '../faults.ts';
import { resourceAnnotations } from '../names.ts';
import type { Run } from '../run.ts';

export function identify(run: Run): StepResult {
  const { adoption } = run.settings;
  if (adoption === undefined || run.isManaged) return undefined;
  // The spec is about to be written from what is read.
  if (adoption === 'adopt') run.want({ everything: true });
  const text = run.annotation(resourceAnnotations.adoptionFields);
  if (text === undefined) {
    if (adoption === 'adopt-or-create') return undefined;
    throw new TerminalFault(
      `annotation ${resourceAnnotations.adoptionFields} is missing: it says what to adopt`,
    );
  }
  const identity = identityOf(run, fieldsIn(text));
  const { spec, status } = run.wanted;
  run.want({
    spec: { ...spec, ...identity.spec },
    status: { ...status, ...identity.status },
    ...(identity.arn === undefined ? {} : { arn: identity.arn }),
  });
  return undefined;
}

function identityOf(run: Run, fields: Readonly<Record<string, string>>): ReturnType<Run['kind']['identify']> {
  try {
    return run.kind.identify(fields);
  } catch (error) {
    throw new TerminalFault(`annotation ${resourceAnnotations.adoptionFields}: ${messageOf(error)}`);
  }
}

function fieldsIn(text: string): Readonly<Record<string, string>> {
  const fields = parse(text);
  if (isRecord(fields) && Object.values(fields).every((value) => typeof value === 'string')) {
    return fields as Record<string, string>;
  }
  throw new TerminalFault(
    `annotation ${resourceAnnotations.adoptionFields} must be a JSON object of strings, such as {"name":"x"}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said by the caller, in words that name the annotation.
    return undefined;
  }
}
