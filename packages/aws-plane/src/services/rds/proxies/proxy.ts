// Proxies as they are kept.
import type { StoredResource } from '../state.ts';

export interface ProxyAuth {
  readonly description?: string | undefined;
  readonly userName?: string | undefined;
  readonly scheme: string;
  readonly secretArn?: string | undefined;
  readonly iam: string;
  readonly passwordType?: string | undefined;
}

export interface PoolSettings {
  readonly maxPercent: number;
  readonly maxIdlePercent: number;
  readonly borrowSeconds: number;
  readonly pinningFilters: readonly string[];
  readonly initQuery?: string | undefined;
}

export interface StoredProxy extends StoredResource {
  /** `prx-…` */
  readonly resourceId: string;
  /** `prx-tg-…` */
  readonly targetGroupId: string;
  readonly engineFamily: string;
  readonly auth: readonly ProxyAuth[];
  readonly authScheme: string;
  readonly roleArn: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly vpcId: string;
  readonly requireTls: boolean;
  readonly idleSeconds: number;
  readonly debugLogging: boolean;
  readonly pool: PoolSettings;
  /** Instances and clusters that it stands before. */
  readonly targets: readonly { readonly kind: 'instance' | 'cluster'; readonly name: string }[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly poolUpdatedAt: string;
}
