// Policy evaluations in this process: a set as a role of an application has it.
import { type AuthorizationRequest, compilePolicy, evaluate, parsePolicy } from '@pergola/policy';
import type { Measure } from '../measure.ts';

const documents = [
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:*', 's3-object-lambda:*'], Resource: '*' }],
  },
  {
    Version: '2012-10-17',
    Statement: Array.from({ length: 10 }, (_, index) => ({
      Effect: index === 9 ? 'Deny' : 'Allow',
      Action: [`s3:GetObject`, `s3:PutObject${index}`],
      Resource: `arn:aws:s3:::bucket-${index}/*`,
      Condition: {
        StringLike: { 's3:prefix': [`home/${index}/*`] },
        Bool: { 'aws:SecureTransport': 'true' },
      },
    })),
  },
];

const request: AuthorizationRequest = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bucket-3/a/b/c.txt',
  resourceAccount: '123456789012',
  principal: {
    kind: 'role-session',
    account: '123456789012',
    arn: 'arn:aws:sts::123456789012:assumed-role/app/session',
    roleArn: 'arn:aws:iam::123456789012:role/app',
    userId: 'AROAEXAMPLE:session',
  },
  context: { 'aws:SecureTransport': 'true', 'aws:SourceIp': '127.0.0.1', 's3:prefix': 'home/3/x' },
};

export const policyEvaluations: Measure = () => {
  const identity = documents.map((document, index) => {
    const parsed = parsePolicy(JSON.stringify(document), 'identity');
    if (!parsed.ok) throw new Error(`policy ${index} does not parse`);
    return { name: `policy-${index}`, policy: compilePolicy(parsed.value) };
  });
  let allowed = 0;
  const loop = (count: number) => {
    for (let index = 0; index < count; index++) if (evaluate(request, { identity }).allowed) allowed += 1;
  };
  loop(20_000);
  const before = process.cpuUsage();
  loop(200_000);
  const used = process.cpuUsage(before);
  if (allowed !== 220_000) throw new Error('the evaluation was not allowed');
  const rate = Math.round(200_000 / ((used.user + used.system) / 1e6)).toLocaleString('en');
  return Promise.resolve([
    { name: 'policy evaluations', value: `${rate}/cpu-s`, note: '11 statements, 10 with conditions' },
  ]);
};
