// A catalog of operators: packages with channels, and the bundles that the channels lead to. What OLM reads from a
// CatalogSource's registry is a plain value here.
import { fail, ok, type Result } from '@pergola/kernel';
import { csvSpecOf } from './kinds.ts';
import { inRange } from './version-range.ts';

/** One operator as a catalog offers it. */
export interface OperatorPackage {
  readonly name: string;
  readonly displayName: string;
  readonly defaultChannel: string;
  /** Each channel names its newest bundle; older ones are those that it replaces, one after the other. */
  readonly channels: readonly { readonly name: string; readonly csv: string }[];
  /** By the name of the ClusterServiceVersion. */
  readonly bundles: Readonly<Record<string, OperatorBundle>>;
}

export interface OperatorBundle {
  /** The ClusterServiceVersion. */
  readonly csv: object;
  /** The CustomResourceDefinitions that it owns; a function makes them when they are needed. */
  readonly crds: readonly object[] | (() => Promise<readonly object[]>);
}

/** A bundle with its definitions at hand. */
export interface LoadedBundle extends OperatorBundle {
  readonly crds: readonly object[];
}

/** The part of a Subscription's spec that says what is wanted. */
export interface SubscriptionSpec {
  readonly name?: string;
  readonly channel?: string;
  readonly startingCSV?: string;
  readonly source?: string;
  readonly sourceNamespace?: string;
}

/** Bundles that may replace the installed one by its version say so in this annotation. */
const skipRange = 'olm.skipRange';

/** What a Subscription leads to now: the first bundle, the next one, or nothing new. */
export interface Resolution {
  readonly csv: string | undefined;
  /** True when a newer bundle than the installed one cannot be reached, or there is none. */
  readonly latest: boolean;
}

export function findPackage(
  catalog: readonly OperatorPackage[],
  name: string | undefined,
): OperatorPackage | undefined {
  return catalog.find((each) => each.name === name);
}

/** The bundle of that name, in whichever package. */
export function findBundle(catalog: readonly OperatorPackage[], csv: string): OperatorBundle | undefined {
  return catalog.map(({ bundles }) => bundles[csv]).find((bundle) => bundle !== undefined);
}

export async function loadBundle(bundle: OperatorBundle): Promise<LoadedBundle> {
  const { crds } = bundle;
  return { ...bundle, crds: typeof crds === 'function' ? await crds() : crds };
}

/**
 * Resolves one Subscription, whose `current` ClusterServiceVersion is installed already or undefined. The error is
 * OLM's sentence. A Subscription without a channel follows the package's default one.
 */
export function resolveSubscription(
  catalog: readonly OperatorPackage[],
  subscription: { readonly name: string; readonly spec: SubscriptionSpec },
  current: string | undefined,
): Result<Resolution> {
  const { name, spec } = subscription;
  const by = `in the catalog referenced by subscription ${name}`;
  const found = findPackage(catalog, spec.name);
  if (!found) return fail(`no operators found in package ${spec.name} ${by}`);
  const channelName = spec.channel || found.defaultChannel;
  const channel = found.channels.find((each) => each.name === channelName);
  if (!channel) return fail(`no operators found in channel ${channelName} of package ${spec.name} ${by}`);
  const chain = chainOf(found, channel.csv);
  if (current !== undefined) return ok(nextOf(found, chain, current));
  const start = spec.startingCSV || channel.csv;
  if (!chain.includes(start)) {
    return fail(
      `no operators found with name ${start} in channel ${channelName} of package ${spec.name} ${by}`,
    );
  }
  return ok({ csv: start, latest: false });
}

/** The bundles of a channel from the newest to the oldest. */
function chainOf(found: OperatorPackage, head: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = head; at !== undefined && !chain.includes(at); ) {
    const bundle: OperatorBundle | undefined = found.bundles[at];
    if (!bundle) break;
    chain.push(at);
    at = csvSpecOf(bundle.csv).replaces;
  }
  return chain;
}

/** The newest bundle that says it may follow `current`: by replacing it, by skipping it or by a range of versions. */
function nextOf(found: OperatorPackage, chain: readonly string[], current: string): Resolution {
  const position = chain.indexOf(current);
  const newer = position < 0 ? chain : chain.slice(0, position);
  const next = newer.find((name) => mayFollow(found, name, current));
  return { csv: next, latest: next === undefined };
}

function mayFollow(found: OperatorPackage, name: string, current: string): boolean {
  const csv = found.bundles[name]?.csv;
  if (!csv) return false;
  const { replaces, skips = [] } = csvSpecOf(csv);
  if (replaces === current || skips.includes(current)) return true;
  const annotations = (csv as { metadata?: { annotations?: Record<string, string> } }).metadata?.annotations;
  const range = annotations?.[skipRange];
  const installed = found.bundles[current];
  const version = installed && csvSpecOf(installed.csv).version;
  return range !== undefined && version !== undefined && inRange(version, range);
}
