import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fakeClock, systemClock } from './index.ts';

describe('fakeClock', () => {
  it('runs due timers in the order of their times, and those that they start', () => {
    const clock = fakeClock(0);
    const ran: string[] = [];
    clock.after(20, () => ran.push(`b@${clock.nowMs()}`));
    clock.after(10, () => {
      ran.push(`a@${clock.nowMs()}`);
      clock.after(5, () => ran.push(`c@${clock.nowMs()}`));
    });
    clock.after(100, () => ran.push('late'));
    clock.advance(50);
    expect(ran).toEqual(['a@10', 'c@15', 'b@20']);
    expect(clock.nowMs()).toBe(50);
  });

  it('forgets a cancelled timer', () => {
    const clock = fakeClock();
    let ran = false;
    clock.after(1, () => (ran = true)).cancel();
    clock.advance(10);
    expect(ran).toBe(false);
  });

  it('wakes a sleeper when its time has come, and rejects one whose signal aborts', async () => {
    const clock = fakeClock();
    const slept = clock.sleep(10).then(() => 'awake');
    const stop = new AbortController();
    const stopped = clock.sleep(10_000, stop.signal);
    clock.advance(10);
    await expect(slept).resolves.toBe('awake');
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  });

  it('leaves no listener on a signal that outlives the sleep', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const slept = clock.sleep(10, stop.signal);
    clock.advance(10);
    await slept;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('does not sleep for a signal that has already aborted', async () => {
    await expect(fakeClock().sleep(10, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});

describe('systemClock', () => {
  it('sleeps until its time or until its signal aborts', async () => {
    await systemClock.sleep(1);
    await expect(systemClock.sleep(60_000, AbortSignal.timeout(5))).rejects.toThrow();
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });
});
