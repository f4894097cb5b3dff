// What a conversion works with, and what it gives back.
import type { KubeResource } from '@pergola/kube-client';

export interface ConversionContext {
  /** The ClusterLogging `openshift-logging/instance`, for the legacy forwarder. */
  readonly clusterLogging?: KubeResource | undefined;
  /** `status.infrastructureName` of the cluster: the prefix of groups where an output names none. */
  readonly infrastructureName?: string | undefined;
  /** The keys of each Secret that outputs name. One that is not here is taken to hold `role_arn`. */
  readonly secretKeys?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface Conversion {
  /** In the order in which they should be applied; the forwarder is the last. */
  readonly resources: readonly KubeResource[];
  /** What a person should know: what differs, what was left out, what to do first. */
  readonly notes: readonly string[];
}

/** The forwarder cannot be converted; the message says what is missing. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

/** Collects notes, each once. */
export class Notes {
  readonly #texts = new Set<string>();

  add(text: string): void {
    this.#texts.add(text);
  }

  get texts(): string[] {
    return [...this.#texts];
  }
}
