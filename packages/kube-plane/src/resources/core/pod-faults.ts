// The essentials of pod validation, worded as k8s.io/kubernetes/pkg/apis/core/validation.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { labelFaults, nameErrors } from '../../validation/names.ts';
import { records } from './pod-defaults.ts';

type Fields = Record<string, unknown>;

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

/** Faults of `spec.template` of a workload. */
export function templateFaults(
  object: KubeObject,
  restartPolicies: readonly string[] = ['Always'],
): FieldFault[] {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const template = spec['template'];
  const field = 'spec.template';
  if (!isRecord(template) || !isRecord(template['spec']))
    return [fieldFaults.required(`${field}.spec.containers`)];
  const metadata = isRecord(template['metadata']) ? template['metadata'] : {};
  const policy = template['spec']['restartPolicy'];
  return [
    ...labelFaults(metadata['labels'], `${field}.labels`),
    ...podSpecFaults(template['spec'], `${field}.spec`),
    ...(records(template['spec']['ephemeralContainers']).length === 0
      ? []
      : [
          fieldFaults.forbidden(
            `${field}.spec.ephemeralContainers`,
            'ephemeral containers not allowed in pod template',
          ),
        ]),
    ...(restartPolicies.includes(String(policy))
      ? []
      : [fieldFaults.unsupported(`${field}.spec.restartPolicy`, policy, restartPolicies)]),
  ];
}

/** Faults of a pod spec at `field`. */
export function podSpecFaults(spec: Fields, field: string): FieldFault[] {
  const volumes = records(spec['volumes']);
  const volumeNames = new Set(volumes.map((volume) => String(volume['name'] ?? '')));
  const containers = records(spec['containers']);
  const initContainers = records(spec['initContainers']);
  // A container's name is a folder's name on the node, and all kinds of containers share one space of names.
  const names = new Set<string>();
  return [
    ...volumeFaults(volumes, `${field}.volumes`),
    ...(containers.length === 0 ? [fieldFaults.required(`${field}.containers`)] : []),
    ...containerListFaults(containers, `${field}.containers`, { volumeNames, names }),
    ...containerListFaults(initContainers, `${field}.initContainers`, { volumeNames, names }),
    ...containerListFaults(records(spec['ephemeralContainers']), `${field}.ephemeralContainers`, {
      volumeNames,
      names,
    }),
    ...(RESTART_POLICIES.includes(String(spec['restartPolicy']))
      ? []
      : [fieldFaults.unsupported(`${field}.restartPolicy`, spec['restartPolicy'], RESTART_POLICIES)]),
    ...serviceAccountFaults(spec, field),
  ];
}

function serviceAccountFaults(spec: Fields, field: string): FieldFault[] {
  const name = String(spec['serviceAccountName'] ?? '');
  if (name === '') return [];
  return nameErrors(name, 'subdomain').map((message) =>
    fieldFaults.invalid(`${field}.serviceAccountName`, name, message),
  );
}

function volumeFaults(volumes: readonly Fields[], field: string): FieldFault[] {
  const seen = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const name = String(volume['name'] ?? '');
    const at = `${field}[${index}]`;
    const errors = namedFaults(name, `${at}.name`, seen);
    if (Object.keys(volume).length < 2) errors.push(fieldFaults.required(at, 'must specify a volume type'));
    const hostPath = isRecord(volume['hostPath']) ? hostPathFaults(volume['hostPath'], `${at}.hostPath`) : [];
    return [...errors, ...hostPath];
  });
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function hostPathFaults({ path = '', type = '' }: Fields, field: string): FieldFault[] {
  const errors: FieldFault[] = [];
  if (path === '') errors.push(fieldFaults.required(`${field}.path`));
  if (String(path).split('/').includes('..'))
    errors.push(fieldFaults.invalid(`${field}.path`, path, "must not contain '..'"));
  if (!HOST_PATH_TYPES.includes(String(type)))
    errors.push(fieldFaults.unsupported(`${field}.type`, type, HOST_PATH_TYPES));
  return errors;
}

function namedFaults(name: string, field: string, seen: Set<string>): FieldFault[] {
  if (name === '') return [fieldFaults.required(field)];
  const errors = nameErrors(name, 'label').map((message) => fieldFaults.invalid(field, name, message));
  if (seen.has(name)) errors.push(fieldFaults.duplicate(field, name));
  seen.add(name);
  return errors;
}

function containerListFaults(
  containers: readonly Fields[],
  field: string,
  { volumeNames, names }: { readonly volumeNames: ReadonlySet<string>; readonly names: Set<string> },
): FieldFault[] {
  return containers.flatMap((container, index) => {
    const at = `${field}[${index}]`;
    return [
      ...namedFaults(String(container['name'] ?? ''), `${at}.name`, names),
      ...containerFaults(container, at, volumeNames),
    ];
  });
}

function containerFaults(container: Fields, at: string, volumeNames: ReadonlySet<string>): FieldFault[] {
  const errors: FieldFault[] = [];
  const image = container['image'];
  if (typeof image !== 'string' || image === '') errors.push(fieldFaults.required(`${at}.image`));
  else if (image !== image.trim()) {
    errors.push(fieldFaults.invalid(`${at}.image`, image, 'must not have leading or trailing whitespace'));
  }
  const policy = String(container['imagePullPolicy']);
  if (!PULL_POLICIES.includes(policy)) {
    errors.push(fieldFaults.unsupported(`${at}.imagePullPolicy`, policy, PULL_POLICIES));
  }
  records(container['env']).forEach((env, index) => {
    if (!env['name']) errors.push(fieldFaults.required(`${at}.env[${index}].name`));
    if (env['value'] !== undefined && env['value'] !== '' && env['valueFrom'] !== undefined) {
      errors.push(
        fieldFaults.invalid(
          `${at}.env[${index}].valueFrom`,
          '',
          'may not be specified when `value` is not empty',
        ),
      );
    }
  });
  return [
    ...errors,
    ...portFaults(records(container['ports']), `${at}.ports`),
    ...mountFaults(records(container['volumeMounts']), `${at}.volumeMounts`, volumeNames),
  ];
}

const PORT_PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

function portFaults(ports: readonly Fields[], field: string): FieldFault[] {
  const names = new Set<unknown>();
  return ports.flatMap((port, index) => {
    const at = `${field}[${index}]`;
    const { name, containerPort, hostPort, protocol = 'TCP' } = port;
    const errors: FieldFault[] = [];
    if (name !== undefined && names.has(name)) errors.push(fieldFaults.duplicate(`${at}.name`, name));
    names.add(name);
    if (containerPort === undefined || containerPort === 0) {
      errors.push(fieldFaults.required(`${at}.containerPort`));
    } else errors.push(...portNumberFaults(containerPort, `${at}.containerPort`));
    if (hostPort !== undefined && hostPort !== 0)
      errors.push(...portNumberFaults(hostPort, `${at}.hostPort`));
    if (!PORT_PROTOCOLS.includes(String(protocol)))
      errors.push(fieldFaults.unsupported(`${at}.protocol`, protocol, PORT_PROTOCOLS));
    return errors;
  });
}

function portNumberFaults(port: unknown, field: string): FieldFault[] {
  const fits = Number(port) >= 1 && Number(port) <= 65_535;
  return fits ? [] : [fieldFaults.invalid(field, port, 'must be between 1 and 65535, inclusive')];
}

function mountFaults(
  mounts: readonly Fields[],
  field: string,
  volumeNames: ReadonlySet<string>,
): FieldFault[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const errors: FieldFault[] = [];
    const name = String(mount['name'] ?? '');
    const path = String(mount['mountPath'] ?? '');
    if (!volumeNames.has(name)) errors.push(fieldFaults.notFound(`${field}[${index}].name`, name));
    if (path === '') errors.push(fieldFaults.required(`${field}[${index}].mountPath`));
    if (paths.has(path))
      errors.push(fieldFaults.invalid(`${field}[${index}].mountPath`, path, 'must be unique'));
    paths.add(path);
    return errors;
  });
}

const MUTABLE_HINT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod's spec is frozen but for a few fields. */
export function podUpdateFaults(object: KubeObject, previous: KubeObject): FieldFault[] {
  if (jsonEqual(frozen(object['spec']), frozen(previous['spec']))) return [];
  return [fieldFaults.forbidden('spec', MUTABLE_HINT)];
}

/** Ephemeral containers come one by one to a pod that exists, and stay as they came. */
export function ephemeralFaults(object: KubeObject, previous: KubeObject | undefined): FieldFault[] {
  const listOf = (pod: KubeObject | undefined) =>
    records(isRecord(pod?.['spec']) ? pod['spec']['ephemeralContainers'] : undefined);
  const field = 'spec.ephemeralContainers';
  const wanted = listOf(object);
  if (!previous) return wanted.length === 0 ? [] : [fieldFaults.forbidden(field, 'cannot be set on create')];
  return listOf(previous).flatMap((known) => {
    const same = wanted.find(({ name }) => name === known['name']);
    if (same && jsonEqual(same, known)) return [];
    const what = same ? 'changed' : 'removed';
    const name = JSON.stringify(known['name']);
    return [fieldFaults.forbidden(field, `existing ephemeral containers ${name} may not be ${what}`)];
  });
}

function frozen(spec: unknown): Fields {
  const copy: Fields = { ...(isRecord(spec) ? spec : {}) };
  for (const field of [
    'activeDeadlineSeconds',
    'tolerations',
    'terminationGracePeriodSeconds',
    'schedulingGates',
  ]) {
    delete copy[field];
  }
  for (const list of ['containers', 'initContainers']) {
    if (copy[list] !== undefined) copy[list] = records(copy[list]).map(({ image: _image, ...rest }) => rest);
  }
  return copy;
}
