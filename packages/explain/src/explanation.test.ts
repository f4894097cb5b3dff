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

  it('shows a policy statement element by element, and of its conditions those that do not hold', () => {
    const statement = {
      policy: 'trust:app',
      index: 0,
      line: 3,
      effect: 'Allow',
      action: true,
      resource: true,
      principal: false,
      conditions: [
        { operator: 'StringEquals', key: 'issuer:sub', holds: false, wanted: ['a', 'b'], actual: ['c'] },
        { operator: 'Bool', key: 'aws:SecureTransport', holds: true, wanted: ['true'], actual: ['true'] },
        { operator: 'StringLike', key: 's3:prefix', holds: false, wanted: ['x*'] },
      ],
    };
    const step = {
      check: 'policy.trust',
      outcome: 'failed' as const,
      because: 'no',
      evidence: { statements: [statement], nearMisses: [{}] },
    };
    const text = renderExplanation(explainCall({ ...call, steps: [step] }), plain);
    expect(text).toContain(
      'trust:app, statement 0 (line 3), Allow: principal ✗ action ✓ resource ✓ condition ✗',
    );
    expect(text).toMatch(/StringEquals issuer:sub\n\s+wanted a or b\n\s+was    c\n/);
    expect(text).toMatch(/StringLike s3:prefix\n\s+wanted x\*\n\s+was    not in the request/);
    expect(text).not.toContain('aws:SecureTransport');
    expect(text).not.toContain('nearMisses');
  });
});
