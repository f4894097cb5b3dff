// The layers that took part in a decision, in the order in which they are told.
import type { NamedPolicy, PolicySet } from '../policy-set.ts';
import { type Ruling, resourceLayer } from '../ruling.ts';
import type { Scope } from '../scope.ts';
import type { Finding, Survey } from '../survey.ts';
import type { PolicyLayer } from '../verdict.ts';
import type { Examiner } from './examine.ts';

/** A decision with everything it was made from. */
export interface Decided {
  readonly scope: Scope;
  readonly policies: PolicySet;
  readonly survey: Survey;
  readonly ruling: Ruling;
}

/** A layer with the policies in it and what they say. */
export interface Layer extends Finding {
  readonly name: PolicyLayer;
  readonly policies: readonly NamedPolicy[];
  readonly principals: Examiner['principals'];
}

/**
 * For want of an Allow, the caller's own layers are asked first between accounts, the resource's within one.
 * A Deny is told in the order in which ruling.ts looks for it.
 */
export function layersOf(decided: Decided): readonly Layer[] {
  const { principal, resourceAccount } = decided.scope.request;
  const foreign = 'account' in principal && principal.account !== resourceAccount;
  const ownFirst = foreign && decided.ruling.decision !== 'explicit-deny';
  const own = ownLayers(decided);
  const resource = resourceLayers(decided);
  return [...controlLayers(decided), ...(ownFirst ? [...own, ...resource] : [...resource, ...own])];
}

/** The levels of an organization are one layer: the one that denies, else that does not allow, else the last. */
function controlLayers({ policies, survey }: Decided): readonly Layer[] {
  const levels = (policies.serviceControl ?? []).map((level, index) =>
    layerOf('service-control', level, survey.serviceControl[index]),
  );
  const telling = levels.find((level) => level.deny) ?? levels.find((level) => !level.allow) ?? levels.at(-1);
  return telling ? [telling] : [];
}

function ownLayers({ policies, survey, scope }: Decided): readonly Layer[] {
  const { kind } = scope.request.principal;
  const layers = [layerOf('identity', policies.identity, survey.identity)];
  if (policies.boundary) layers.push(layerOf('boundary', [policies.boundary], survey.boundary));
  if (policies.session || kind === 'federated-user') {
    layers.push(layerOf('session', policies.session ?? [], survey.session));
  }
  // Callers without policies of their own need no Allow from them, but a Deny would hold.
  const ownless = kind === 'anonymous' || kind === 'service' || kind === 'web-identity';
  return ownless ? layers.filter((layer) => layer.deny) : layers;
}

function resourceLayers({ policies, survey, ruling }: Decided): readonly Layer[] {
  const name = resourceLayer(policies);
  const principals = policies.boundary ? 'asked-bounded' : 'asked';
  if (policies.resource) return [{ ...layerOf(name, [policies.resource], survey.resource), principals }];
  return ruling.layer === name ? [layerOf(name, [], undefined)] : [];
}

function layerOf(name: PolicyLayer, policies: readonly NamedPolicy[], finding: Finding | undefined): Layer {
  return { name, policies, principals: 'ignored', deny: finding?.deny, allow: finding?.allow };
}
