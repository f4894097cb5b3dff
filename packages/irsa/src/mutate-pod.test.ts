// Golden patches: the text on the wire, byte for byte, as amazon-eks-pod-identity-webhook makes it.
import { describe, expect, test } from 'vitest';
import type { PodIdentity } from './identity.ts';
import { mutatePod } from './mutate-pod.ts';
import type { Container, Pod } from './pod.ts';
import { settingsFor, type WebhookSettings } from './settings.ts';

const identity: PodIdentity = {
  roleArn: 'arn:aws:iam::111122223333:role/reader',
  audience: 'sts.amazonaws.com',
  regionalSts: false,
  tokenExpirationSeconds: 86_400,
};
const app: Container = { image: 'app:1', name: 'app' };

function patchOf(
  pod: Pod,
  overrides: { identity?: Partial<PodIdentity>; settings?: Partial<WebhookSettings> } = {},
): string {
  return JSON.stringify(
    mutatePod(pod, {
      identity: { ...identity, ...overrides.identity },
      settings: settingsFor('classic', overrides.settings),
    }),
  );
}

const volume = (audience = 'sts.amazonaws.com', seconds = 86_400) =>
  `{"name":"aws-iam-token","projected":{"sources":[{"serviceAccountToken":{"audience":"${audience}","expirationSeconds":${seconds},"path":"token"}}]}}`;
const roleEnv =
  '{"name":"AWS_ROLE_ARN","value":"arn:aws:iam::111122223333:role/reader"},' +
  '{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"/var/run/secrets/eks.amazonaws.com/serviceaccount/token"}';
const mount =
  '{"name":"aws-iam-token","readOnly":true,"mountPath":"/var/run/secrets/eks.amazonaws.com/serviceaccount"}';

test('a bare pod gets volume, role and mount, and the empty resources of Go', () => {
  expect(patchOf({ spec: { containers: [app] } })).toBe(
    `[{"op":"add","path":"/spec/volumes","value":[${volume()}]},` +
      `{"op":"add","path":"/spec/containers","value":[{"name":"app","image":"app:1","env":[${roleEnv}],"resources":{},"volumeMounts":[${mount}]}]}]`,
  );
});

test('regional STS and region come first, in this order, after the variables that were there', () => {
  const pod = { spec: { containers: [{ ...app, env: [{ name: 'X', value: '1' }] }] } };
  expect(patchOf(pod, { identity: { regionalSts: true }, settings: { region: 'eu-west-1' } })).toContain(
    '"env":[{"name":"X","value":"1"},{"name":"AWS_STS_REGIONAL_ENDPOINTS","value":"regional"},' +
      `{"name":"AWS_DEFAULT_REGION","value":"eu-west-1"},{"name":"AWS_REGION","value":"eu-west-1"},${roleEnv}]`,
  );
});

test('existing volumes keep their places behind ours, and an empty list is not a missing one', () => {
  const pod = { spec: { volumes: [{ name: 'data' }], containers: [app] } };
  expect(patchOf(pod)).toContain(`[{"op":"add","path":"/spec/volumes/0","value":${volume()}},`);
  expect(patchOf({ spec: { volumes: [], containers: [app] } })).toContain('"path":"/spec/volumes/0"');
});

test('init containers are changed too, after the containers; ephemeral ones are left alone', () => {
  const spec = {
    containers: [app],
    initContainers: [{ name: 'init' }],
    ephemeralContainers: [{ name: 'e' }],
  };
  const patch = JSON.parse(patchOf({ spec }));
  expect(patch.map((op: { path: string }) => op.path)).toEqual([
    '/spec/volumes',
    '/spec/containers',
    '/spec/initContainers',
  ]);
  expect(patch[2].value[0].env).toHaveLength(2);
});

describe('what is already there', () => {
  const patched = (container: Partial<Container>, settings: Partial<WebhookSettings> = {}) =>
    JSON.parse(patchOf({ spec: { containers: [{ ...app, ...container }] } }, { settings }))[1].value[0];

  test.each(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'])('%s alone keeps both out', (name) => {
    const container = patched({ env: [{ name, value: 'mine' }] });
    expect(container.env).toEqual([{ name, value: 'mine' }]);
    expect(container.volumeMounts).toHaveLength(1);
  });

  test('one region variable keeps both regions out', () => {
    const container = patched({ env: [{ name: 'AWS_REGION', value: 'x' }] }, { region: 'eu-west-1' });
    expect(container.env.map((v: { name: string }) => v.name)).toEqual([
      'AWS_REGION',
      'AWS_ROLE_ARN',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
    ]);
  });

  test('all three groups present: not even the mount', () => {
    const env = ['AWS_STS_REGIONAL_ENDPOINTS', 'AWS_REGION', 'AWS_ROLE_ARN'].map((name) => ({
      name,
      value: 'x',
    }));
    expect(patched({ env })).toEqual({ ...app, env, resources: {} });
  });

  test('a mount of our volume, wherever it points', () => {
    const volumeMounts = [{ name: 'aws-iam-token', mountPath: '/elsewhere' }];
    expect(patched({ volumeMounts }).volumeMounts).toEqual(volumeMounts);
  });

  test('a volume of that name, whatever it is', () => {
    const pod = { spec: { volumes: [{ name: 'aws-iam-token', emptyDir: {} }], containers: [app] } };
    expect(JSON.parse(patchOf(pod))[0].path).toBe('/spec/containers');
  });
});

describe('annotations of the pod', () => {
  const annotated = (key: string, value: string): Pod => ({
    metadata: { annotations: { [`eks.amazonaws.com/${key}`]: value } },
    spec: { containers: [app, { name: 'sidecar' }], initContainers: [{ name: 'init' }] },
  });

  test('token-expiration overrides the account, raised to 600; nonsense does not', () => {
    expect(patchOf(annotated('token-expiration', '7200'))).toContain('"expirationSeconds":7200');
    expect(patchOf(annotated('token-expiration', '1'))).toContain('"expirationSeconds":600');
    expect(patchOf(annotated('token-expiration', '1h'))).toContain('"expirationSeconds":86400');
  });

  test('skipped containers are untouched, the volume is added all the same', () => {
    const patch = JSON.parse(patchOf(annotated('skip-containers', 'app,init')));
    expect(patch[0].path).toBe('/spec/volumes');
    expect(patch[1].value[0]).toEqual({ name: 'app', image: 'app:1', resources: {} });
    expect(patch[1].value[1].env).toHaveLength(2);
    expect(patch[2].value[0]).toEqual({ name: 'init', resources: {} });
  });

  test('names are not trimmed, and broken CSV skips nothing', () => {
    for (const value of ['app, sidecar', 'a"pp']) {
      expect(JSON.parse(patchOf(annotated('skip-containers', value)))[1].value[1].env).toHaveLength(2);
    }
  });
});

test.each(['kubernetes.io/os', 'beta.kubernetes.io/os'])(
  '%s=windows changes the file, not the mount',
  (key) => {
    const patch = patchOf({ spec: { nodeSelector: { [key]: 'windows' }, containers: [app] } });
    expect(patch).toContain(
      '"value":"C:\\\\var\\\\run\\\\secrets\\\\eks.amazonaws.com\\\\serviceaccount\\\\token"',
    );
    expect(patch).toContain(mount);
  },
);

test('fields come in the order of the Go struct, unknown ones last', () => {
  const container = {
    tty: true,
    newField: 1,
    imagePullPolicy: 'Always',
    resources: { limits: { cpu: '1' } },
    name: 'app',
    command: ['sh'],
  };
  const patch = JSON.parse(patchOf({ spec: { containers: [container] } }));
  expect(Object.keys(patch[1].value[0])).toEqual([
    'name',
    'command',
    'env',
    'resources',
    'volumeMounts',
    'imagePullPolicy',
    'tty',
    'newField',
  ]);
});
