// Which requests are audited: the rules of OpenShift's Default profile. Source: openshift/library-go,
// pkg/operator/apiserver/audit (2024). Its one rule that keeps bodies is for kinds that this server does not have.
import type { Call } from '../contract.ts';

const quietPaths = new Set(['/version', '/healthz', '/readyz', '/livez']);

/** `Metadata`: who did what, to what, and how it ended, without bodies. */
export function isAudited(call: Call): boolean {
  const { info, path } = call;
  // Discovery is a path beneath /api or /apis that names no resource.
  if (info.isResource && info.resource !== '') return true;
  return !path.startsWith('/api') && !quietPaths.has(path);
}
