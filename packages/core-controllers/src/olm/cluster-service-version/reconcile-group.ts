// Third: exactly one OperatorGroup says for which namespaces the operator works, and its install modes must allow it.
import type { Step } from '@pergola/controller-kit';
import type { CsvSpec } from '../kinds.ts';
import { groupAnnotations, groupReasons, targetsOf } from '../operator-group/group-facts.ts';
import type { CsvRun } from './csv-run.ts';
import { setPhase, statusOf } from './phase.ts';

export const group: Step<CsvRun> = {
  name: 'group',
  async run(run) {
    const { groups, csv } = run;
    const [only] = groups;
    if (!only || groups.length > 1) {
      const none = groups.length === 0;
      await setPhase(run, {
        phase: 'Failed',
        reason: none ? 'NoOperatorGroup' : 'TooManyOperatorGroups',
        message: none
          ? 'csv in namespace with no operatorgroups'
          : "csv created in namespace with multiple operatorgroups, can't pick one automatically",
      });
      return 'stop';
    }
    const targets = targetsOf(only);
    // The group's own controller has not yet seen it.
    if (!targets) return 'stop';
    const wanted = groupAnnotations(only, targets);
    const has = csv.metadata.annotations ?? {};
    if (Object.entries(wanted).some(([name, value]) => has[name] !== value)) {
      await run.patchMetadata({ annotations: { ...has, ...wanted } });
      return 'stop';
    }
    const unsupported = whyUnsupported(run.spec, `${csv.metadata.namespace}`, targets);
    if (unsupported !== undefined) {
      await setPhase(run, { phase: 'Failed', reason: 'UnsupportedOperatorGroup', message: unsupported });
      return 'stop';
    }
    const { phase, reason = '' } = statusOf(run);
    if (phase === 'Failed' && groupReasons.has(reason)) {
      const message = 'InstallModes now support target namespaces';
      await setPhase(run, { phase: 'Pending', reason: 'RequirementsUnknown', message });
      return 'stop';
    }
    return undefined;
  },
};

/** Undefined when the operator's install modes allow these namespaces; '' among them means: all. */
export function whyUnsupported(
  spec: CsvSpec,
  namespace: string,
  targets: readonly string[],
): string | undefined {
  const isSupported = (type: string) =>
    spec.installModes?.some((mode) => mode.type === type && mode.supported) ?? false;
  const refuse = (type: string, what: string) =>
    isSupported(type)
      ? undefined
      : `${type} InstallModeType not supported, cannot configure to watch ${what}`;
  if (targets.length === 0)
    return 'operatorgroup has invalid selected namespaces, cannot configure to watch zero namespaces';
  if (targets.includes('')) return refuse('AllNamespaces', 'all namespaces');
  if (targets.length > 1) return refuse('MultiNamespace', `${targets.length} namespaces`);
  if (targets[0] === namespace) return refuse('OwnNamespace', 'own namespace');
  return refuse('SingleNamespace', 'one namespace');
}
