// The request as statements see it while one decision is made: who asks, and condition keys found
// without regard to case. Lives for one evaluation.
import type { AuthorizationRequest, ContextValues } from './request.ts';

export class Scope {
  readonly request: AuthorizationRequest;
  /** Lower case, as action patterns are compiled. */
  readonly action: string;
  #context: Map<string, readonly string[]> | undefined;

  constructor(request: AuthorizationRequest) {
    this.request = request;
    this.action = request.action.toLowerCase();
  }

  /** The values of a condition key given in lower case; undefined when it is not in the request. */
  values(key: string): readonly string[] | undefined {
    this.#context ??= lowerCaseKeys(this.request.context);
    return this.#context.get(key);
  }

  /** The value of a single-valued key given in lower case. Keys with several values cannot be variables. */
  single(key: string): string | undefined {
    const values = this.values(key);
    return values?.length === 1 ? values[0] : undefined;
  }
}

/** Keys that differ only in case are one key with the values of all. A key without values is absent. */
function lowerCaseKeys(context: ContextValues): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    const values = typeof value === 'string' ? [value] : value;
    if (values.length === 0) continue;
    const name = key.toLowerCase();
    const known = keys.get(name);
    keys.set(name, known ? [...known, ...values] : values);
  }
  return keys;
}
