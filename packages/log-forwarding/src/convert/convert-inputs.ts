// Inputs: what one takes is said with a type now. One that takes namespaces of infrastructure too becomes two, for the
// logs of these go to other groups.
import type { ContainerGlob } from '../config/collector-config.ts';
import { namesInfrastructure } from '../config/infrastructure-namespaces.ts';
import type { Input } from '../operator/spec/forwarder-spec.ts';
import type { LegacyInput } from '../operator/spec/legacy-forwarder-spec.ts';
import {
  type AuditSource,
  type InfrastructureSource,
  isReservedInput,
} from '../operator/spec/shared-spec.ts';
import type { Notes } from './conversion.ts';
import type { ItemNames } from './item-names.ts';

/** What a former input is now: names of inputs by the kind of groups that their logs go to. */
export interface ConvertedInput {
  readonly application: readonly string[];
  readonly others: readonly string[];
  readonly inputs: readonly Input[];
}

export function reservedInput(name: string): ConvertedInput {
  return name === 'application'
    ? { application: [name], others: [], inputs: [] }
    : { application: [], others: [name], inputs: [] };
}

/** Undefined, with a note, for a receiver. */
export function convertInput(input: LegacyInput, names: ItemNames, notes: Notes): ConvertedInput | undefined {
  const { name = '', application, infrastructure, audit } = input;
  if (isReservedInput(name)) return reservedInput(name);
  if (application) return convertApplication(name, application, { names, notes });
  if (infrastructure) {
    const own = names.take(name);
    const sources = infrastructure.sources as readonly InfrastructureSource[] | undefined;
    const body = sources ? { sources } : {};
    return {
      application: [],
      others: [own],
      inputs: [{ name: own, type: 'infrastructure', infrastructure: body }],
    };
  }
  if (audit) {
    const own = names.take(name);
    const sources = audit.sources as readonly AuditSource[] | undefined;
    return {
      application: [],
      others: [own],
      inputs: [{ name: own, type: 'audit', audit: sources ? { sources } : {} }],
    };
  }
  notes.add(`input "${name}" was left out: receivers are not converted`);
  return undefined;
}

function convertApplication(
  name: string,
  application: NonNullable<LegacyInput['application']>,
  { names, notes }: { readonly names: ItemNames; readonly notes: Notes },
): ConvertedInput {
  const { namespaces = [], includes = [], excludes, selector, containerLimit } = application;
  const all: ContainerGlob[] = [...namespaces.map((namespace) => ({ namespace })), ...includes];
  const isInfrastructure = ({ namespace }: ContainerGlob) => namesInfrastructure(namespace);
  const inputOf = (own: string, taken: readonly ContainerGlob[]): Input => ({
    name: own,
    type: 'application',
    application: {
      ...(taken.length > 0 ? { includes: taken } : {}),
      ...(excludes ? { excludes } : {}),
      ...(selector ? { selector } : {}),
      ...(containerLimit ? { tuning: { rateLimitPerContainer: containerLimit } } : {}),
    },
  });
  const infrastructure = all.filter(isInfrastructure);
  const rest = all.filter((glob) => !isInfrastructure(glob));
  const wide = infrastructure.find(({ namespace = '' }) => /^(openshift|kube)[^-]*\*/.test(namespace));
  if (wide) {
    notes.add(
      `input "${name}" includes "${wide.namespace}": namespaces of applications among them (such as kubeflow) log to the group of their type now`,
    );
  }
  const needsRest = rest.length > 0 || infrastructure.length === 0;
  const own = names.take(name);
  const other =
    infrastructure.length === 0 ? undefined : needsRest ? names.derive(`${own}-infrastructure`) : own;
  return {
    application: needsRest ? [own] : [],
    others: other === undefined ? [] : [other],
    inputs: [
      ...(needsRest ? [inputOf(own, rest)] : []),
      ...(other === undefined ? [] : [inputOf(other, infrastructure)]),
    ],
  };
}
