import type { KubeClient, KubeResource } from '@pergola/kube-client';
import { resourceTypes } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { commit } from './committer.ts';

function recordingClient() {
  const patches: unknown[] = [];
  const client = {
    async patch(_type: unknown, ref: unknown, patch: unknown) {
      patches.push({ ref, ...(patch as object) });
      return { metadata: { name: 'patched' } };
    },
  } as unknown as KubeClient;
  return { client, patches };
}

const before: KubeResource = {
  metadata: { namespace: 'a', name: 'b', uid: 'u', resourceVersion: '7', labels: { x: '1' } },
  spec: { replicas: 1 },
  status: { ready: 0 },
};

test('a changed status is patched as such, bound to the version that was read', async () => {
  const { client, patches } = recordingClient();
  await commit(client, resourceTypes.deployments, { before, after: { ...before, status: { ready: 1 } } });
  expect(patches).toEqual([
    {
      ref: { namespace: 'a', name: 'b' },
      kind: 'merge',
      subresource: 'status',
      body: { status: { ready: 1 }, metadata: { uid: 'u', resourceVersion: '7' } },
    },
  ]);
});

test('a changed spec or label is patched on the object', async () => {
  const { client, patches } = recordingClient();
  const after = { ...before, metadata: { ...before.metadata, labels: { x: '2' } }, spec: { replicas: 2 } };
  await commit(client, resourceTypes.deployments, { before, after });
  expect(patches).toEqual([
    {
      ref: { namespace: 'a', name: 'b' },
      kind: 'merge',
      body: { spec: { replicas: 2 }, metadata: { labels: { x: '2' }, uid: 'u', resourceVersion: '7' } },
    },
  ]);
});

test('nothing to write is not written, and both at once is a bug', async () => {
  const { client, patches } = recordingClient();
  expect(await commit(client, resourceTypes.deployments, { before, after: structuredClone(before) })).toBe(
    before,
  );
  expect(patches).toEqual([]);
  const both = { ...before, spec: { replicas: 3 }, status: { ready: 3 } };
  await expect(commit(client, resourceTypes.deployments, { before, after: both })).rejects.toThrow('at once');
});
