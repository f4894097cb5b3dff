// Answers that are event streams are not built yet; this says so, in one place.
import { AwsFault } from '../fault.ts';
import type { Structure } from '../model/shape.ts';

/** True for an output one of whose members is an event stream. */
export function isEventStream(output: Structure): boolean {
  return output.members.some(({ shape }) => shape.kind === 'structure' && shape.eventStream);
}

export function eventStreamFault(operation: string): AwsFault {
  return new AwsFault(
    'NotImplemented',
    501,
    `${operation} answers with an event stream, which is not implemented.`,
  );
}
