// Admission, in upstream's order: built-in mutating plugins, mutating webhooks; then, on the prepared object,
// the validating webhooks. A plugin is one function; adding one is one line here.
import type { Admission, AdmissionRequest, Plane } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { serviceAccountAdmission } from './service-account.ts';
import { createWebhookAdmission, type WebhookOptions } from './webhooks/index.ts';

type AdmissionContext = Pick<Plane, 'store' | 'random' | 'authorizer'>;

/** Changes `request.object` in place, or throws a KubeStatus. */
type Plugin = (request: AdmissionRequest, context: AdmissionContext) => void;

const PLUGINS: readonly Plugin[] = [namespaceLifecycle, serviceAccountAdmission];

export function createAdmission(context: AdmissionContext, options: WebhookOptions): Admission {
  const webhooks = createWebhookAdmission(options);
  return {
    async mutate(request): Promise<KubeObject | undefined> {
      for (const plugin of PLUGINS) plugin(request, context);
      return webhooks.mutate(request);
    },
    validate: (request) => webhooks.validate(request),
  };
}
