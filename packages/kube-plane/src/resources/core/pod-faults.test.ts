import { expect, it } from 'vitest';
import { podSpecFaults } from './pod-faults.ts';

const spec = (container: object) => ({
  restartPolicy: 'Always',
  containers: [{ name: 'c', image: 'i', imagePullPolicy: 'Always', ...container }],
});

it.each([
  [[{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP', name: 'dns' }], []],
  [
    [{ containerPort: 99_999 }],
    [
      'spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive',
    ],
  ],
  [[{}], ['spec.containers[0].ports[0].containerPort: Required value']],
  [
    [{ containerPort: 1, hostPort: -1 }],
    ['spec.containers[0].ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive'],
  ],
  [
    [{ containerPort: 1, protocol: 'tcp' }],
    [
      'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    [
      { containerPort: 1, name: 'a' },
      { containerPort: 2, name: 'a' },
    ],
    ['spec.containers[0].ports[1].name: Duplicate value: "a"'],
  ],
] as const)('checks ports %j', (ports, faults) => {
  const found = podSpecFaults(spec({ ports }), 'spec').map(({ field, message }) => `${field}: ${message}`);
  expect(found).toEqual(faults);
});

it('takes the names of all containers for names of folders, each once', () => {
  const other = (name: string) => ({ name, image: 'i', imagePullPolicy: 'Always' });
  const found = podSpecFaults(
    {
      ...spec({}),
      initContainers: [other('c')],
      ephemeralContainers: [other('../../up'), other('c'), other('d')],
    },
    'spec',
  );
  expect(found.map(({ field, reason }) => `${field}: ${reason}`)).toEqual([
    'spec.initContainers[0].name: FieldValueDuplicate',
    'spec.ephemeralContainers[0].name: FieldValueInvalid',
    'spec.ephemeralContainers[1].name: FieldValueDuplicate',
  ]);
});

it.each([
  [{ path: '/var/log' }, []],
  [{ path: '/var/..log/x..', type: 'DirectoryOrCreate' }, []],
  [{ path: '' }, ['spec.volumes[0].hostPath.path: Required value']],
  [
    { path: '/var/log/../lib' },
    [`spec.volumes[0].hostPath.path: Invalid value: "/var/log/../lib": must not contain '..'`],
  ],
  [
    { path: '/x', type: 'Folder' },
    [
      'spec.volumes[0].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
] as const)('checks the hostPath %j', (hostPath, faults) => {
  const found = podSpecFaults({ ...spec({}), volumes: [{ name: 'v', hostPath }] }, 'spec');
  expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(faults);
});
