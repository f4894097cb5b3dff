// GetCallerIdentity with a signature; AssumeRoleWithWebIdentity with a token that is really verified.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSigningKey, mintToken } from '@pergola/oidc';
import { stateDirOf } from '@pergola/sandbox';
import { measureRate } from '../load.ts';
import { type Measure, rateFigure } from '../measure.ts';
import { awsCaller, send } from '../wire.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

export const callerIdentity: Measure = async (sandbox) => {
  const sts = awsCaller(sandbox, 'sts');
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const rate = await measureRate(sandbox, { seconds: 4, workers: 32 }, () => sts('POST', '/', body, form));
  return [rateFigure('GetCallerIdentity', rate)];
};

export const webIdentity: Measure = async (sandbox) => {
  const dir = stateDirOf(sandbox.dataDir);
  const { issuer } = JSON.parse(readFileSync(dir.cluster, 'utf8')) as { issuer: string };
  const key = importSigningKey(readFileSync(join(dir.pki, 'service-account-signer.key'), 'utf8'));
  await makeRole(awsCaller(sandbox, 'iam'), issuer.replace('https://', ''));
  const tokens = Array.from({ length: 500 }, (_, index) =>
    mintToken(
      key,
      { iss: issuer, sub: 'system:serviceaccount:bench:bench', aud: ['sts.amazonaws.com'] },
      { nowMs: Date.now(), ttlSeconds: 3_600, jti: String(index) },
    ),
  );
  const minted = await Promise.all(tokens);
  const bodies = minted.map((token) =>
    new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/bench',
      RoleSessionName: 'bench',
      WebIdentityToken: token,
    }).toString(),
  );
  const rate = await measureRate(sandbox, { seconds: 4, workers: 32 }, (index) =>
    send({
      method: 'POST',
      url: `${sandbox.awsUrl}/`,
      headers: form,
      body: bodies[index % bodies.length] ?? '',
    }),
  );
  return [rateFigure('AssumeRoleWithWebIdentity', rate)];
};

async function makeRole(iam: ReturnType<typeof awsCaller>, provider: string): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:sub`]: 'system:serviceaccount:bench:bench' } },
      },
    ],
  };
  const body = new URLSearchParams({
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: 'bench',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  await iam('POST', '/', body.toString(), form);
}
