// The mutation itself, as a pure function: a pod and an identity in, a JSON patch out. The patch is equal byte by
// byte to that of amazon-eks-pod-identity-webhook, so order matters everywhere here.
import { posix } from 'node:path';
import { parseGoCsvRecord } from './go-values.ts';
import { expirationFrom, type PodIdentity } from './identity.ts';
import type { Container, EnvVar, JsonPatchOp, Pod } from './pod.ts';
import type { WebhookSettings } from './settings.ts';

const volumeName = 'aws-iam-token';
const tokenName = 'token';

/** What the mutation depends on beside the pod. */
export interface PodMutation {
  readonly identity: PodIdentity;
  readonly settings: Pick<WebhookSettings, 'annotationPrefix' | 'mountPath' | 'region'>;
}

/** The patch for a pod whose ServiceAccount has `identity`. It is given even where it changes nothing. */
export function mutatePod(pod: Pod, { identity, settings }: PodMutation): JsonPatchOp[] {
  const annotation = (key: string) => pod.metadata?.annotations?.[`${settings.annotationPrefix}/${key}`];
  const skipped = skippedContainers(annotation('skip-containers'));
  const env = wantedEnv(pod, identity, settings);
  const mutate = (container: Container): Container =>
    skipped.has(container.name)
      ? inGoOrder(container)
      : inGoOrder(mutateContainer(container, env, settings.mountPath));

  const patch: JsonPatchOp[] = [];
  const volume = tokenVolume(identity.audience, {
    expirationSeconds: expirationFrom(annotation('token-expiration')) ?? identity.tokenExpirationSeconds,
  });
  const { volumes, containers, initContainers } = pod.spec;
  if (!volumes) patch.push({ op: 'add', path: '/spec/volumes', value: [volume] });
  else if (!volumes.some(({ name }) => name === volumeName)) {
    patch.push({ op: 'add', path: '/spec/volumes/0', value: volume });
  }
  patch.push({ op: 'add', path: '/spec/containers', value: (containers ?? []).map(mutate) });
  if (initContainers && initContainers.length > 0) {
    patch.push({ op: 'add', path: '/spec/initContainers', value: initContainers.map(mutate) });
  }
  return patch;
}

/** The variables in three groups; each group is added whole or not at all. */
interface WantedEnv {
  readonly sts: readonly EnvVar[];
  readonly region: readonly EnvVar[];
  readonly role: readonly EnvVar[];
}

function wantedEnv(pod: Pod, identity: PodIdentity, settings: PodMutation['settings']): WantedEnv {
  const { region, mountPath } = settings;
  return {
    sts: identity.regionalSts ? [{ name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' }] : [],
    region: region
      ? [
          { name: 'AWS_DEFAULT_REGION', value: region },
          { name: 'AWS_REGION', value: region },
        ]
      : [],
    role: [
      { name: 'AWS_ROLE_ARN', value: identity.roleArn },
      { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: tokenFile(pod, mountPath) },
    ],
  };
}

function tokenFile(pod: Pod, mountPath: string): string {
  const path = posix.join(mountPath, tokenName);
  const selector = pod.spec.nodeSelector;
  const windows =
    selector?.['beta.kubernetes.io/os'] === 'windows' || selector?.['kubernetes.io/os'] === 'windows';
  return windows ? `C:${path.replaceAll('/', '\\')}` : path;
}

function mutateContainer(container: Container, wanted: WantedEnv, mountPath: string): Container {
  const given = container.env ?? [];
  const missing = missingEnv(given, wanted);
  // Where a container decides everything for itself, not even the volume is mounted.
  if (missing === undefined) return container;
  const env = [...given, ...missing];
  const mounts = container.volumeMounts ?? [];
  const mounted = mounts.some(({ name }) => name === volumeName);
  return {
    ...container,
    ...(env.length > 0 ? { env } : {}),
    volumeMounts: mounted ? mounts : [...mounts, { name: volumeName, readOnly: true, mountPath }],
  };
}

/** The variables to append; undefined where all three groups are present. One variable of a group stands for all. */
function missingEnv(given: readonly EnvVar[], wanted: WantedEnv): EnvVar[] | undefined {
  const has = (...names: string[]) => given.some(({ name }) => names.includes(name));
  const hasSts = has('AWS_STS_REGIONAL_ENDPOINTS');
  const hasRegion = has('AWS_REGION', 'AWS_DEFAULT_REGION');
  const hasRole = has('AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE');
  if (hasSts && hasRegion && hasRole) return undefined;
  return [
    ...(hasSts ? [] : wanted.sts),
    ...(hasRegion ? [] : wanted.region),
    ...(hasRole ? [] : wanted.role),
  ];
}

function tokenVolume(audience: string, { expirationSeconds }: { expirationSeconds: number }) {
  const serviceAccountToken = { audience, expirationSeconds, path: tokenName };
  return { name: volumeName, projected: { sources: [{ serviceAccountToken }] } };
}

/** The names in the annotation; not trimmed. A text that is not CSV skips nothing. */
function skippedContainers(annotation: string | undefined): ReadonlySet<string> {
  return new Set(annotation === undefined ? [] : parseGoCsvRecord(annotation));
}

// The original decodes containers into Go structs and encodes them again: this is the order of
// k8s.io/api core/v1 Container, in which `resources` is always present.
const containerFields = [
  'name',
  'image',
  'command',
  'args',
  'workingDir',
  'ports',
  'envFrom',
  'env',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'volumeMounts',
  'volumeDevices',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  'securityContext',
  'stdin',
  'stdinOnce',
  'tty',
];

/** The container with its fields in Go's order. Fields that the original would not know (and drop) come last. */
function inGoOrder(container: Container): Container {
  const source: Record<string, unknown> = { resources: {}, ...container };
  const ordered: Record<string, unknown> = {};
  for (const field of containerFields) {
    if (source[field] !== undefined) ordered[field] = source[field];
  }
  return { ...ordered, ...source, name: container.name };
}
