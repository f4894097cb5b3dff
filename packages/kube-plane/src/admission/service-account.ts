// ServiceAccount: every pod runs as an account of its namespace and gets a volume with that account's token.
import { alphabets, isRecord } from '@pergola/kernel';
import type { AdmissionRequest, Plane } from '../contract.ts';
import { faults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { records } from '../resources/core/pod-defaults.ts';
import { findObject } from '../storage/objects.ts';

const ACCOUNTS = { group: '', plural: 'serviceaccounts', namespaced: true };
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const VOLUME_PREFIX = 'kube-api-access-';
/** Just above an hour, so that the token never looks like one of a hand-made request. */
const TOKEN_SECONDS = 3607;
const MODE_0644 = 420;

export function serviceAccountAdmission(
  request: AdmissionRequest,
  context: Pick<Plane, 'store' | 'random'>,
): void {
  const { object } = request;
  if (!object || !createsPod(request)) return;
  const spec: Record<string, unknown> = isRecord(object['spec']) ? object['spec'] : {};
  const name = String(spec['serviceAccountName'] || 'default');
  spec['serviceAccountName'] = name;
  spec['serviceAccount'] = name;
  const account = findObject(context, ACCOUNTS, request.namespace, name);
  if (!account) throw unknownAccount(request, object, name);
  if (mountsToken(spec, account)) mountToken(spec, context);
  if (records(spec['imagePullSecrets']).length === 0 && Array.isArray(account['imagePullSecrets'])) {
    spec['imagePullSecrets'] = structuredClone(account['imagePullSecrets']);
  }
}

function createsPod({ operation, subresource, definition, object }: AdmissionRequest): boolean {
  const isPod = definition.group === '' && definition.plural === 'pods';
  const isMirror = object?.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return operation === 'CREATE' && subresource === '' && isPod && !isMirror;
}

function unknownAccount({ namespace }: AdmissionRequest, pod: KubeObject, name: string) {
  return faults.forbidden(
    { group: '', resource: 'pods' },
    pod.metadata.name || (pod.metadata.generateName ?? ''),
    `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
  );
}

/** The pod decides, else the account, else yes. */
function mountsToken(spec: Record<string, unknown>, account: KubeObject): boolean {
  const wish = spec['automountServiceAccountToken'] ?? account['automountServiceAccountToken'];
  return wish !== false;
}

function mountToken(spec: Record<string, unknown>, { random }: Pick<Plane, 'random'>): void {
  const volumes = records(spec['volumes']);
  const existing = volumes.find((volume) => String(volume['name']).startsWith(VOLUME_PREFIX));
  const name = existing ? String(existing['name']) : VOLUME_PREFIX + random.text(5, alphabets.kubeSuffix);
  let used = false;
  for (const container of [...records(spec['initContainers']), ...records(spec['containers'])]) {
    const mounts = records(container['volumeMounts']);
    if (mounts.some((mount) => mount['mountPath'] === MOUNT_PATH)) continue;
    container['volumeMounts'] = [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }];
    used = true;
  }
  if (used && !existing) spec['volumes'] = [...volumes, tokenVolume(name)];
}

/** The order and content that OpenShift gives. */
function tokenVolume(name: string): Record<string, unknown> {
  const fromConfigMap = (configMap: string, key: string) => ({
    configMap: { name: configMap, items: [{ key, path: key }] },
  });
  return {
    name,
    projected: {
      defaultMode: MODE_0644,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        fromConfigMap('kube-root-ca.crt', 'ca.crt'),
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
        fromConfigMap('openshift-service-ca.crt', 'service-ca.crt'),
      ],
    },
  };
}
