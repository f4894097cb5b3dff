// Answers for every path that is not a resource: discovery, OpenAPI, health, version, issuer documents, OCM.
import type { Answer, Call, Plane } from '../contract.ts';
import { faults } from '../faults.ts';
import { ocmAnswer } from '../openshift/ocm/index.ts';
import { jsonAnswer } from '../render/status.ts';
import { groupListAnswer, groupAnswer, resourceListAnswer } from './groups.ts';
import { healthAnswer } from './health.ts';
import { jwksAnswer, oauthAnswer, openidAnswer } from './issuer.ts';
import { openapiV2Answer } from './openapi-v2.ts';
import { openapiAnswer } from './openapi.ts';
import { versionInfo } from './version.ts';

type PathHandler = (call: Call, plane: Plane) => Answer | undefined | Promise<Answer | undefined>;

/** By exact path. */
const PATHS: Readonly<Record<string, PathHandler>> = {
  '/': () => jsonAnswer(200, { paths: Object.keys(PATHS).toSorted() }),
  '/api': groupListAnswer,
  '/apis': groupListAnswer,
  '/version': (_call, plane) => jsonAnswer(200, versionInfo(plane)),
  '/healthz': healthAnswer,
  '/livez': healthAnswer,
  '/readyz': healthAnswer,
  '/openapi/v2': openapiV2Answer,
  '/.well-known/openid-configuration': openidAnswer,
  '/openid/v1/jwks': jwksAnswer,
  '/.well-known/oauth-authorization-server': oauthAnswer,
};

/** Undefined when there is nothing at the path. Throws 405 for writes to what can only be read. */
export async function discoveryAnswer(call: Call, plane: Plane): Promise<Answer | undefined> {
  const path = call.info.path.replace(/(?<=.)\/+$/, '');
  if (/^\/api\/\w+_mgmt\//.test(path)) return ocmAnswer(call, plane);
  if (call.method !== 'GET' && call.method !== 'HEAD') {
    throw faults.methodNotSupported({ group: '', resource: path }, call.method.toLowerCase());
  }
  const exact = PATHS[path];
  if (exact) return exact(call, plane);
  if (/^\/(healthz|livez|readyz)\//.test(path)) return healthAnswer(call, plane);
  if (path.startsWith('/openapi/')) return openapiAnswer(call, plane, path);
  return groupVersionAnswer(plane, path.split('/').slice(1));
}

/** /api/V, /apis/G and /apis/G/V. */
function groupVersionAnswer(plane: Plane, [root, ...rest]: readonly string[]): Answer | undefined {
  const [first = '', second = ''] = rest;
  if (root === 'api' && rest.length === 1) return resourceListAnswer(plane, '', first);
  if (root !== 'apis') return undefined;
  if (rest.length === 1) return groupAnswer(plane, first);
  return rest.length === 2 ? resourceListAnswer(plane, first, second) : undefined;
}
