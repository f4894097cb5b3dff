// The languages in which queries may be written.
import { faults } from '../faults.ts';

/** Throws for OpenSearch SQL and PPL. */
export function assertQueryLanguage(language: string | undefined): void {
  if (language !== undefined && language !== 'CWLI')
    throw faults.notImplemented(`The query language ${language}`);
}
