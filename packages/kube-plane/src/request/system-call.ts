// A call that the plane makes to itself, for writes that follow from others.
import type { Call } from '../contract.ts';
import { emptyNotes } from './call-notes.ts';

const FOREVER = new AbortController().signal;

/** A call by the API server's own identity, without body or query. */
export function systemCall(verb: string): Call {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'user-agent': 'pergola' },
    info: {
      isResource: true,
      path: '/',
      verb,
      group: '',
      version: '',
      namespace: '',
      resource: '',
      subresource: '',
      name: '',
      rest: [],
    },
    user: { username: 'system:apiserver', groups: ['system:masters'] },
    notes: emptyNotes(),
    warnings: [],
    signal: FOREVER,
    remoteAddress: '127.0.0.1',
    body: () => Promise.resolve(Buffer.alloc(0)),
  };
}
