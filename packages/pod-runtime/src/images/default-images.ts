// The images that everybody's examples use, mapped to the programs of the host.
import type { ImageEntry, ImageMap, ImageSettings } from './image-map.ts';

const host = (pattern: string, extra: Partial<ImageSettings> = {}): ImageEntry => ({
  pattern,
  programs: 'host',
  ...extra,
});
const shell = { command: ['sh'] };
const bash = { command: ['bash'] };
const aws = { entrypoint: ['aws'], workingDir: '/tmp' };

export const defaultImages: ImageMap = [
  ...['amazon/aws-cli', 'public.ecr.aws/aws-cli/aws-cli', 'public.ecr.aws/amazon/aws-cli'].map((name) =>
    host(name, aws),
  ),
  ...[
    'busybox',
    'alpine',
    'public.ecr.aws/docker/library/busybox',
    'public.ecr.aws/docker/library/alpine',
    '*/busybox',
  ].map((name) => host(name, shell)),
  ...[
    'debian',
    'ubuntu',
    'bash',
    'fedora',
    'rockylinux',
    'amazonlinux',
    'public.ecr.aws/amazonlinux/amazonlinux',
  ].map((name) => host(name, bash)),
  ...['registry.access.redhat.com/ubi*', 'registry.redhat.io/ubi*', 'quay.io/centos/*', 'redhat/ubi*'].map(
    (name) => host(name, bash),
  ),
  ...['python', 'public.ecr.aws/docker/library/python'].map((name) => host(name, { command: ['python3'] })),
  ...['node', 'public.ecr.aws/docker/library/node'].map((name) => host(name, { command: ['node'] })),
  ...['curlimages/curl', 'quay.io/curl/curl'].map((name) => host(name, { entrypoint: ['curl'] })),
  host('perl', { command: ['perl'] }),
  // For its clients, psql first of all: a pod with no command of its own wants a server, which the host may not have.
  ...['postgres', 'public.ecr.aws/docker/library/postgres'].map((name) =>
    host(name, { command: ['postgres'] }),
  ),
  // This very program: the operator and the collector of logs run as pods too.
  host('quay.io/pergola/pergola', { entrypoint: ['pergola'] }),
  host('registry.k8s.io/pause', { command: ['sleep', 'infinity'] }),
];
