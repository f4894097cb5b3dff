// What kubectl shows for bad input: the words of Kubernetes, whatever the version of the client.
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullVersions, KubectlSession } from './kubectl-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const object = (kind: string, name: string, rest: object, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
});
const pod = (spec: object) => object('Pod', 'bad', { spec });
const deployment = (spec: object) => object('Deployment', 'bad', { spec }, 'apps/v1');
const template = { metadata: { labels: { a: 'c' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const decoding = (kind: string, why: string) =>
  `Error from server (BadRequest): error when creating "STDIN": ${kind} in version "v1" cannot be handled as a ${kind}: ${why}`;

/** What is created, and the whole complaint. */
const refusals: [string, object, string][] = [
  [
    'unknown fields',
    {
      ...pod({ containers: [{ name: 'c', image: 'i', imagePullPolcy: 'Always' }] }),
      metadata: { name: 'bad', lables: {} },
    },
    decoding(
      'Pod',
      'strict decoding error: unknown field "metadata.lables", unknown field "spec.containers[0].imagePullPolcy"',
    ),
  ],
  [
    'a text for a number',
    deployment({ replicas: 'three', selector: { matchLabels: { a: 'c' } }, template }),
    decoding(
      'Deployment',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ),
  ],
  [
    'a number for a text',
    object('ConfigMap', 'bad', { data: { a: 1 } }),
    decoding('ConfigMap', 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'),
  ],
  [
    'an object for a list',
    pod({ containers: { name: 'c' } }),
    decoding(
      'Pod',
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ),
  ],
  [
    'a bad quantity',
    pod({ containers: [{ name: 'c', image: 'i', resources: { requests: { memory: '1Gig' } } }] }),
    decoding(
      'Pod',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
  ],
  [
    'a bad name',
    object('ConfigMap', 'Bad_Name', {}),
    `The ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": ${subdomain}`,
  ],
  [
    'a bad name of a namespace',
    object('Namespace', 'a.b', {}),
    `The Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": ${label}`,
  ],
  [
    'no name',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} },
    'The ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
  ],
  [
    'a bad key',
    object('ConfigMap', 'bad', { data: { 'a b': '' } }),
    `The ConfigMap "bad" is invalid: data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
  ],
  ['no containers', pod({}), 'The Pod "bad" is invalid: spec.containers: Required value'],
  [
    'a bad container',
    pod({ containers: [{ name: 'C_x' }], restartPolicy: 'Sometimes' }),
    `The Pod "bad" is invalid: \n* spec.containers[0].name: Invalid value: "C_x": ${label}\n* spec.containers[0].image: Required value\n* spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"`,
  ],
  [
    'containers that do not fit together',
    pod({
      containers: [
        {
          name: 'c',
          image: 'i',
          ports: [{ containerPort: 99_999 }],
          volumeMounts: [{ name: 'no', mountPath: '/x' }],
        },
        { name: 'c', image: 'i' },
      ],
    }),
    'The Pod "bad" is invalid: \n* spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive\n* spec.containers[0].volumeMounts[0].name: Not found: "no"\n* spec.containers[1].name: Duplicate value: "c"',
  ],
  [
    'a selector that does not select',
    deployment({ selector: { matchLabels: { a: 'b' } }, template }),
    'The Deployment "bad" is invalid: spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`',
  ],
  [
    'no selector',
    deployment({ template }),
    'The Deployment "bad" is invalid: \n* spec.selector: Required value\n* spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`',
  ],
  [
    'a namespace that is not there',
    { ...object('ConfigMap', 'bad', {}), metadata: { name: 'bad', namespace: 'nope' } },
    'the namespace from the provided object "nope" does not match the namespace',
  ],
];

describe.each(fullVersions)('kubectl $version', (kubectl) => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.open(sandbox, kubectl, `errors-${kubectl.version.replace('.', '-')}`);
  });
  afterAll(() => session[Symbol.asyncDispose]());

  it.each(refusals)('refuses %s', async (_, bad, complaint) => {
    const given = await session.complains('create -f -', bad);
    // The order of several faults is no promise, neither upstream's.
    const lines = (text: string) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .toSorted();
    if (complaint.startsWith('the namespace')) expect(given).toContain(complaint);
    else expect(lines(given)).toEqual(lines(complaint));
  });

  it('warns or stays silent when it is asked to', async () => {
    const typo = { ...object('ConfigMap', 'warned', {}), dataa: {} };
    const warned = await session.run('create --validate=warn -f -', typo);
    expect(warned).toMatchObject({ code: 0, stderr: 'Warning: unknown field "dataa"\n' });
    expect(await session.run('replace --validate=ignore -f -', typo)).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses what is there, what is immutable, what has changed, and what is unknown', async () => {
    await session.prints('create configmap cm --from-literal=a=b');
    expect(await session.complains('create configmap cm')).toBe(
      'error: failed to create configmap: configmaps "cm" already exists',
    );
    expect(await session.complains('create -f -', object('ConfigMap', 'cm', {}))).toBe(
      'Error from server (AlreadyExists): error when creating "STDIN": configmaps "cm" already exists',
    );
    await session.prints(['patch', 'cm', 'cm', '-p', '{"immutable":true}']);
    expect(await session.complains(['patch', 'cm', 'cm', '-p', '{"data":{"a":"c"}}'])).toBe(
      'The ConfigMap "cm" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    );
    await session.prints('create deployment web --image=busybox');
    expect(
      await session.complains([
        'patch',
        'deploy',
        'web',
        '-p',
        '{"spec":{"selector":{"matchLabels":{"app":"web","x":"y"}},"template":{"metadata":{"labels":{"x":"y"}}}}}',
      ]),
    ).toBe(
      'The Deployment "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"web","x":"y"}}: field is immutable',
    );
    const stale = { ...object('ConfigMap', 'cm', {}), metadata: { name: 'cm', resourceVersion: '1' } };
    expect(await session.complains('replace -f -', stale)).toBe(
      'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on configmaps "cm": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(await session.complains('create -f -', object('Foo', 'x', {}))).toBe(
      `error: resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "Foo" in version "v1"\nensure CRDs are installed first`,
    );
    expect(await session.complains('create token default --duration=5m')).toContain(
      'spec.expirationSeconds: Invalid value: 300: may not specify a duration less than 10 minutes',
    );
    expect(await session.complains('get pods --field-selector=spec.foo=bar')).toContain(
      'field label not supported: spec.foo',
    );
    expect(await session.complains(['get', 'pods', '-l', 'a in b'])).toContain("found 'b'");
    expect(await session.complains('get --raw /nope')).toBe(
      'Error from server (NotFound): the server could not find the requested resource',
    );
    expect(await session.complains(`get --raw /api/v1/namespaces/${session.namespace}/configmaps/no`)).toBe(
      'Error from server (NotFound): configmaps "no" not found',
    );
    expect(await session.complains(['create', 'ingress', 'i', '--rule=foo.com/bar=svc:80'])).toContain(
      'the server could not find the requested resource (post ingresses.networking.k8s.io)',
    );
  });
});
