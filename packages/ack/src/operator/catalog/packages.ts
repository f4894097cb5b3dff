// The ACK operator as packages of an operator catalog: one for all services, and one for each under ACK's own name, so
// that Subscriptions made for ACK's controllers lead here.
import type { KubeResource } from '@pergola/kube-client';
import { sharedDefinitions } from '../../crds/shared-definitions.ts';
import { type KindName, kindNames, loadKinds } from '../../kinds/index.ts';
import { serviceOf } from '../../runtime/names.ts';
import { packageVersion, type PackageFacts, serviceVersionOf } from './service-version.ts';

/** A package as catalogs offer it. */
export interface OperatorPackage {
  readonly name: string;
  readonly displayName: string;
  readonly defaultChannel: string;
  readonly channels: readonly { readonly name: string; readonly csv: string }[];
  /** By the name of the ClusterServiceVersion. Built when first read; the definitions when they are asked for. */
  readonly bundles: Readonly<Record<string, Bundle>>;
}

interface Bundle {
  readonly csv: KubeResource;
  readonly crds: () => Promise<readonly KubeResource[]>;
}

/** Makes the definitions of the kinds of one service, or of all. */
export type LoadDefinitions = (service: string | undefined) => Promise<readonly KubeResource[]>;

const titles: Readonly<Record<string, string>> = {
  cloudwatchlogs: 'Amazon CloudWatch Logs',
  dynamodb: 'Amazon DynamoDB',
  elasticache: 'Amazon ElastiCache',
  iam: 'Amazon IAM',
  rds: 'Amazon RDS',
  s3: 'Amazon S3',
  sqs: 'Amazon SQS',
};

/** The packages of all kinds that there are. */
export function ackPackages(): readonly OperatorPackage[] {
  return ackPackagesOf(kindNames(), async (service) => {
    const kinds = await loadKinds(service === undefined ? undefined : [service]);
    return kinds.map(({ crd }) => crd);
  });
}

/** `ack` first, then one package for each service of `kinds`. */
export function ackPackagesOf(kinds: readonly KindName[], load: LoadDefinitions): readonly OperatorPackage[] {
  const services = [...new Set(kinds.map((kind) => serviceOf(kind)))].toSorted();
  const title = 'AWS Controllers for Kubernetes';
  return [
    packageOf({ name: 'ack', displayName: title, service: undefined, kinds }, ['alpha', 'stable'], load),
    ...services.map((service) =>
      packageOf(
        {
          name: `ack-${service}-controller`,
          displayName: `${title} - ${titles[service] ?? service}`,
          service,
          kinds: kinds.filter((kind) => serviceOf(kind) === service),
        },
        ['alpha'],
        load,
      ),
    ),
  ];
}

function packageOf(facts: PackageFacts, channels: readonly string[], load: LoadDefinitions): OperatorPackage {
  const { name, displayName, service } = facts;
  const csv = `${name}.v${packageVersion}`;
  let built: Bundle | undefined;
  const bundle = () => {
    built ??= {
      csv: serviceVersionOf(facts),
      crds: async () => [...(await load(service)), ...sharedDefinitions],
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
