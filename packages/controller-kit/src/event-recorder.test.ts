import { fakeClock, silentLogger } from '@pergola/kernel';
import { KubeApiError, type KubeClient, type KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { createEventRecorder } from './event-recorder.ts';

const pod: KubeResource = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'a', name: 'b', uid: 'u', resourceVersion: '3' },
};

function recorder() {
  const events = new Map<string, KubeResource>();
  const client = {
    async create(_type: unknown, event: KubeResource) {
      events.set(event.metadata.name, event);
      return event;
    },
    async patch(_type: unknown, { name }: { name: string }, { body }: { body: object }) {
      const event = events.get(name);
      if (!event) throw new KubeApiError(404, 'NotFound', 'gone');
      Object.assign(event, body);
      return event;
    },
  } as unknown as KubeClient;
  const clock = fakeClock();
  return {
    events,
    clock,
    recorder: createEventRecorder({ client, clock, logger: silentLogger, component: 'test' }),
  };
}

test('a repeated event counts up, another one is new, one that expired is begun again', async () => {
  const { events, clock, recorder: subject } = recorder();
  const text = { type: 'Warning', reason: 'BackOff', message: 'restarting' } as const;
  subject.record(pod, text);
  clock.advance(10_000);
  subject.record(pod, text);
  subject.record(pod, { ...text, message: 'other' });
  await subject.flush();
  const [first, second] = [...events.values()];
  expect(first).toMatchObject({
    involvedObject: { kind: 'Pod', name: 'b', namespace: 'a', uid: 'u', apiVersion: 'v1' },
    count: 2,
    firstTimestamp: '2023-11-14T22:13:20Z',
    lastTimestamp: '2023-11-14T22:13:30Z',
    source: { component: 'test' },
  });
  expect(first?.metadata.name).toMatch(/^b\.[0-9a-f]{16}$/);
  expect(second).toMatchObject({ message: 'other', count: 1 });
  events.clear();
  subject.record(pod, text);
  await subject.flush();
  expect([...events.values()]).toMatchObject([{ count: 1, reason: 'BackOff' }]);
});

test('an object that never stops is cut off after 25, and gets one more every five minutes', async () => {
  const { events, clock, recorder: subject } = recorder();
  const flood = () => {
    for (let i = 0; i < 40; i++) {
      subject.record(pod, { type: 'Normal', reason: 'Again', message: `${clock.nowMs()} ${i}` });
    }
  };
  flood();
  await subject.flush();
  expect(events.size).toBe(25);
  clock.advance(300_000);
  flood();
  await subject.flush();
  expect(events.size).toBe(26);
});
