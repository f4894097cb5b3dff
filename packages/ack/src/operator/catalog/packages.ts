// The ACK operator as packages of an operator catalog: one for all services, and one for each under ACK's own name, so
// that Subscriptions made for ACK's controllers lead here.
import type { KubeResource } from '@pergola/kube-client';
import { sharedDefinitions } from '../../crds/shared-definitions.ts';
import type { Kind } from '../../kind/kind.ts';
import { serviceOf } from '../../runtime/names.ts';
import { packageVersion, type PackageFacts, serviceVersionOf } from './service-version.ts';

/** A package as catalogs offer it. */
export interface OperatorPackage {
  readonly name: string;
  readonly displayName: string;
  readonly defaultChannel: string;
  readonly channels: readonly { readonly name: string; readonly csv: string }[];
  /** By the name of the ClusterServiceVersion. Built when first read. */
  readonly bundles: Readonly<
    Record<string, { readonly csv: KubeResource; readonly crds: readonly KubeResource[] }>
  >;
}

const titles: Readonly<Record<string, string>> = {
  cloudwatchlogs: 'Amazon CloudWatch Logs',
  dynamodb: 'Amazon DynamoDB',
  elasticache: 'Amazon ElastiCache',
  iam: 'Amazon IAM',
  rds: 'Amazon RDS',
  s3: 'Amazon S3',
  sqs: 'Amazon SQS',
};

/** `ack` first, then one package for each service of `kinds`. */
export function ackPackagesOf(kinds: readonly Kind[]): readonly OperatorPackage[] {
  const services = [...new Set(kinds.map((kind) => serviceOf(kind)))].toSorted();
  const title = 'AWS Controllers for Kubernetes';
  return [
    packageOf({ name: 'ack', displayName: title, service: undefined, kinds }, ['alpha', 'stable']),
    ...services.map((service) =>
      packageOf(
        {
          name: `ack-${service}-controller`,
          displayName: `${title} - ${titles[service] ?? service}`,
          service,
          kinds: kinds.filter((kind) => serviceOf(kind) === service),
        },
        ['alpha'],
      ),
    ),
  ];
}

function packageOf(facts: PackageFacts, channels: readonly string[]): OperatorPackage {
  const { name, displayName } = facts;
  const csv = `${name}.v${packageVersion}`;
  let built: { readonly csv: KubeResource; readonly crds: readonly KubeResource[] } | undefined;
  const bundle = () => {
    built ??= {
      csv: serviceVersionOf(facts),
      crds: [...facts.kinds.map(({ crd }) => crd), ...sharedDefinitions],
    };
    return built;
  };
  return {
    name,
    displayName,
    defaultChannel: 'alpha',
    channels: channels.map((channel) => ({ name: channel, csv })),
    bundles: {
      get [csv]() {
        return bundle();
      },
    },
  };
}
