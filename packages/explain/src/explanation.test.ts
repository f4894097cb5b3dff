import { describe, expect, it } from 'vitest';
import { explainCall, type RecordedCall, renderExplanation } from './index.ts';

const call: RecordedCall = {
  requestId: 'req-1',
  atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  service: 'sts',
  operation: 'AssumeRoleWithWebIdentity',
  principal: 'anonymous',
  resources: ['arn:aws:iam::123456789012:role/app'],
  status: 403,
  errorCode: 'AccessDenied',
  errorMessage: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  steps: [
    { check: 'oidc.signature', outcome: 'passed', because: 'RS256 signature verified' },
    {
      check: 'policy.trust',
      link: 'R4',
      outcome: 'failed',
      because: 'the subject is not the one that the trust policy names',
      evidence: { actual: 'system:serviceaccount:a:b', wanted: ['system:serviceaccount:a:c'] },
      fix: 'let the pod use ServiceAccount c',
    },
    { check: 'oidc.later', outcome: 'failed', because: 'a later failure is not the broken link' },
  ],
};
const plain = (_: string, text: string) => text;

describe('explainCall', () => {
  it('names the first failed check as the broken link', () => {
    expect(explainCall(call).broken?.link).toBe('R4');
    expect(explainCall({ ...call, status: 200, steps: [] })).toMatchObject({
      succeeded: true,
      broken: undefined,
    });
  });
});

describe('renderExplanation', () => {
  it('shows every check in order, the evidence of failed ones, and the fix', () => {
    const text = renderExplanation(explainCall(call), plain);
    expect(text).toMatch(
      /✓ oidc\.signature[^]*✗ policy\.trust \[R4\][^]*wanted: \["system:serviceaccount:a:c"\]/,
    );
    expect(text).toContain('Broken link: R4, policy.trust');
    expect(text).toContain('Fix: let the pod use ServiceAccount c');
  });
});
