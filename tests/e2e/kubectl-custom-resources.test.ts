// kubectl and a CustomResourceDefinition: columns, validation, subresources, apply and explain.
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullVersions, KubectlSession } from './kubectl-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const spec = {
  type: 'object',
  description: 'What is wanted.',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 10, description: 'How many.' },
    color: { type: 'string', enum: ['red', 'green'], default: 'red' },
    name: { type: 'string', pattern: '^[a-z]+$' },
    parts: {
      type: 'array',
      items: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['id'],
    },
  },
};
const condition = { type: 'object', properties: { type: { type: 'string' }, status: { type: 'string' } } };
const status = {
  type: 'object',
  properties: { size: { type: 'integer' }, conditions: { type: 'array', items: condition } },
};

const definition = (group: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
        ],
        schema: { openAPIV3Schema: { type: 'object', required: ['spec'], properties: { spec, status } } },
      },
    ],
  },
});

describe.each(fullVersions)('kubectl $version', (kubectl) => {
  let session: KubectlSession;
  const group = `v${kubectl.version.replace('.', '-')}.example.com`;
  const widget = (name: string, wanted: object) => ({
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name },
    ...wanted,
  });
  beforeAll(async () => {
    session = await KubectlSession.open(sandbox, kubectl, `custom-${kubectl.version.replace('.', '-')}`);
    await session.prints('apply -f -', definition(group));
    await session.prints(`wait --for=condition=Established crd/widgets.${group} --timeout=10s`);
  });
  afterAll(() => session[Symbol.asyncDispose]());

  it('applies, defaults and shows in columns', async () => {
    const first = widget('w', { spec: { size: 3, parts: [{ id: 'a' }] }, status: { size: 9 } });
    expect(await session.prints('apply -f -', first)).toBe(`widget.${group}/w created`);
    expect(JSON.parse(await session.prints('get wd w -o json'))).toMatchObject({
      metadata: { generation: 1 },
      spec: { color: 'red' },
    });
    expect(await session.prints('get wd w -o jsonpath={.status}')).toBe('');
    expect(await session.prints('apply -f -', widget('w', { spec: { size: 4 } }))).toBe(
      `widget.${group}/w configured`,
    );
    expect(await session.prints('get wd w -o jsonpath={.spec.parts}{.metadata.generation}')).toBe('2');
    expect(
      await session.prints(
        'apply --server-side -f -',
        widget('v', { spec: { size: 1, parts: [{ id: 'a' }, { id: 'b' }] } }),
      ),
    ).toBe(`widget.${group}/v serverside-applied`);
    expect(await session.prints('get widgets')).toMatch(/^NAME\s+SIZE\s+READY\nv\s+1\s*\nw\s+4\s*$/);
    expect(await session.prints('get all')).toContain(`widget.${group}/w`);
    expect(await session.prints('describe widget w')).toMatch(/Spec:\n\s+Color:\s+red\n\s+Size:\s+4/);
  });

  it('writes status and scale apart', async () => {
    await session.prints([
      'patch',
      'widget',
      'w',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"spec":{"size":9},"status":{"size":2,"conditions":[{"type":"Ready","status":"True"}]}}',
    ]);
    expect(await session.prints('get wd w')).toMatch(/w\s+4\s+True/);
    expect(await session.prints('wait --for=condition=Ready widget/w --timeout=5s')).toContain(
      'condition met',
    );
    expect(await session.prints('scale widget w --replicas=5')).toBe(`widget.${group}/w scaled`);
    expect(await session.prints('get wd w -o jsonpath={.spec.size}/{.status.size}')).toBe('5/2');
  });

  it('refuses in the words of the schema', async () => {
    const complaint = await session.complains(
      'create -f -',
      widget('x', { spec: { size: 40, color: 'blue', name: 'UP', parts: [{ id: 'a' }, { id: 'a' }, {}] } }),
    );
    expect(complaint.split('\n')).toEqual(
      expect.arrayContaining([
        'The Widget "x" is invalid: ',
        '* spec.color: Unsupported value: "blue": supported values: "red", "green"',
        '* spec.name: Invalid value: "UP": spec.name in body should match \'^[a-z]+$\'',
        '* spec.parts[1]: Duplicate value: {"id":"a"}',
        '* spec.parts[2].id: Required value',
        '* spec.size: Invalid value: 40: spec.size in body should be less than or equal to 10',
      ]),
    );
    expect(await session.complains('create -f -', widget('x', { spec: { size: 'x' } }))).toBe(
      'The Widget "x" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    );
    expect(await session.complains('create -f -', widget('x', {}))).toBe(
      'The Widget "x" is invalid: spec: Required value',
    );
    expect(await session.complains('create -f -', widget('x', { spec: { size: 1, sise: 2 } }))).toContain(
      'strict decoding error: unknown field "spec.sise"',
    );
    expect(await session.complains(['patch', 'widget', 'w', '-p', '{"spec":{"size":5}}'])).toContain(
      'application/strategic-merge-patch+json is not supported by',
    );
    expect(
      await session.complains(['patch', 'widget', 'w', '--type=merge', '-p', '{"spec":{"size":50}}']),
    ).toContain('should be less than or equal to 10');
  });

  it('explains, and goes with its definition', async () => {
    expect(await session.prints('explain widget')).toContain('APIVersion defines the versioned schema');
    expect(await session.prints('explain widget.spec')).toMatch(
      /What is wanted\.[^]*size\t<integer> -required-/,
    );
    expect(await session.prints('explain widget.spec.size')).toContain('How many.');
    expect(await session.prints('api-resources --api-group=' + group)).toMatch(
      new RegExp(`widgets\\s+wd\\s+${group}/v1\\s+true\\s+Widget`),
    );
    expect(await session.prints(`delete crd widgets.${group}`)).toContain('deleted');
    expect(await session.complains(`get widgets.${group}`)).toMatch(
      /the server doesn't have a resource type|could not find the requested resource/,
    );
  });
});
