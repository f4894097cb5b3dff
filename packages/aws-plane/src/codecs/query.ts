// The query string of a REST request.
import { AwsFault } from '../fault.ts';
import { decodeFormText } from '@pergola/aws-model';

/** By decoded name; the first of several wins. `?acl` and `?acl=` are the same. */
export type Query = ReadonlyMap<string, string>;

/** Throws InvalidURI where the percent-encoding is broken. */
export function parseQuery(raw: string): Query {
  const query = new Map<string, string>();
  if (raw === '') return query;
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeFormText(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decodeFormText(pair.slice(equals + 1));
    if (name === undefined || value === undefined) {
      throw new AwsFault('InvalidURI', 400, "Couldn't parse the specified URI.");
    }
    if (!query.has(name)) query.set(name, value);
  }
  return query;
}
