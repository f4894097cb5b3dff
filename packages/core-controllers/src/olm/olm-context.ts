// What the controllers of OLM are handed beyond the context of all controllers.
import type { Informer } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import type { OperatorPackage } from './catalog.ts';

export interface OlmContext extends ControllerContext {
  readonly catalog: readonly OperatorPackage[];
  readonly subscriptions: Informer;
  readonly plans: Informer;
  readonly csvs: Informer;
  readonly groups: Informer;
  readonly sources: Informer;
  readonly crds: Informer;
}

/** The one CatalogSource whose content is known here. */
export const catalogSource = { name: 'redhat-operators', namespace: 'openshift-marketplace' } as const;

/** The label by which everything of a package in a namespace is found. */
export function componentLabel(packageName: string, namespace: string | undefined): string {
  return `operators.coreos.com/${packageName}.${namespace}`.slice(0, 'operators.coreos.com/'.length + 63);
}
