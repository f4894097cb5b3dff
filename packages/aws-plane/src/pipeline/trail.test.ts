import type { Step } from '@pergola/kernel';
import { describe, expect, it } from 'vitest';
import { Trail } from './trail.ts';

const step = (because: string): Step => ({ check: 'policy.identity', outcome: 'passed', because });

describe('Trail', () => {
  it('files what was found, with the steps of verdicts in their place', () => {
    const trail = new Trail(7, 100);
    trail.requestId = 'r';
    trail.add(step('one'));
    trail.add({ steps: [step('two'), step('three')] });
    trail.addResource('arn:aws:s3:::box');
    const record = trail.close(403, { code: 'AccessDenied', message: 'Access Denied' });
    expect(record).toMatchObject({ requestId: 'r', atMs: 7, status: 403, errorMessage: 'Access Denied' });
    expect(record.resources).toEqual(['arn:aws:s3:::box']);
    expect(record.steps.map(({ because }) => because)).toEqual(['one', 'two', 'three']);
  });

  it('keeps no more than a bounded part of a large call, and says so', () => {
    const trail = new Trail(0);
    for (let at = 0; at < 1_000; at++) {
      trail.add(step(`${at}`));
      trail.addResource(`arn:aws:s3:::box/${at}`);
    }
    const record = trail.close(400, { code: 'ValidationError', message: 'x'.repeat(1_000_000) });
    expect(record.steps).toHaveLength(101);
    expect(record.steps.at(-1)).toMatchObject({ check: 'record.omitted', outcome: 'unknown' });
    expect(record.steps.at(-1)?.because).toContain('900 more checks');
    expect(record.resources).toHaveLength(100);
    expect(record.errorMessage).toHaveLength(2_049);
    expect(trail.sizeBytes).toBeGreaterThan(100_000);
    expect(trail.sizeBytes).toBeLessThan(300_000);
  });

  it('counts the parts of the request that steps may quote', () => {
    expect(new Trail(0, 60_000).sizeBytes - new Trail(0, 0).sizeBytes).toBe(120_000);
    const trail = new Trail(0);
    const before = trail.sizeBytes;
    trail.keep(500);
    expect(trail.sizeBytes - before).toBe(500);
  });

  it('shows its steps in JSON too', () => {
    const trail = new Trail(7);
    const step = { check: 'a', outcome: 'passed', because: 'b' } as const;
    trail.add({ steps: [step] });
    const shown = JSON.parse(JSON.stringify(trail.close(403, { code: 'No', message: 'no' })));
    expect(shown).toMatchObject({ atMs: 7, status: 403, errorCode: 'No', errorMessage: 'no', steps: [step] });
  });
});
