import { expect, it } from 'vitest';
import { LiveTailRoom } from './live-tail-room.ts';
import type { LiveTailSession } from './live-tail-session.ts';

function sessions() {
  const ended: number[] = [];
  let opened = 0;
  const make = (onEnd: () => void) => {
    const number = ++opened;
    const session: Pick<LiveTailSession, 'return'> = {
      async return() {
        ended.push(number);
        onEnd();
        return { done: true, value: undefined };
      },
    };
    return session as LiveTailSession;
  };
  return { ended, make };
}

it('lets an account have fifteen sessions', async () => {
  const { make } = sessions();
  const room = new LiveTailRoom(new AbortController().signal);
  const first = room.open('1', make);
  for (let count = 1; count < 15; count++) room.open('1', make);
  expect(() => room.open('1', make)).toThrow(expect.objectContaining({ code: 'LimitExceededException' }));
  room.open('2', make);
  await first.return();
  room.open('1', make);
});

it('ends all sessions when the plane stops, and those that come too late', () => {
  const { ended, make } = sessions();
  const closing = new AbortController();
  const room = new LiveTailRoom(closing.signal);
  room.open('1', make);
  room.open('2', make);
  closing.abort();
  expect(ended).toEqual([1, 2]);
  room.open('1', make);
  expect(ended).toEqual([1, 2, 3]);
});
