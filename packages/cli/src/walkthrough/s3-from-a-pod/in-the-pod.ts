// What happens inside the running pods, and what must not.
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { decidingStep, isRecord } from '@pergola/kernel';
import { execInPod, type ExecResult } from '../../pod-exec.ts';
import { type Proof, prove } from '../step.ts';
import { readyPod, workloads } from './cluster-side.ts';
import type { Scene } from './scene.ts';

const OBJECT_KEY = 'hello.txt';

async function execIn(scene: Scene, app: string, script: string): Promise<ExecResult> {
  const pod = await readyPod(scene, app);
  const target = { namespace: scene.names.namespace, pod: pod.metadata.name, container: 'awscli' };
  return execInPod(scene.kube, target, ['/bin/sh', '-c', script]);
}

async function readToken(scene: Scene): Promise<string> {
  const result = await execIn(scene, workloads.writer, 'cat "$AWS_WEB_IDENTITY_TOKEN_FILE"');
  prove(
    result.exitCode === 0 && result.stdout.split('.').length === 3,
    `no token in the pod: ${result.stderr}`,
  );
  return result.stdout.trim();
}

/** The projected token, decoded: issuer, subject, audience. */
export async function proveTokenProjected(scene: Scene): Promise<Proof> {
  const [, payload = ''] = (await readToken(scene)).split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  prove(isRecord(claims), 'the token has no claims');
  const subject = `system:serviceaccount:${scene.names.namespace}:${scene.names.serviceAccount}`;
  prove(claims['sub'] === subject, `the token's subject is ${String(claims['sub'])}`);
  prove(claims['iss'] === scene.sandbox.identity.issuer, `the token's issuer is ${String(claims['iss'])}`);
  return { seen: `sub ${subject}, aud ${String(claims['aud'])}` };
}

/** The seed's own check: who is the pod, in AWS's eyes? */
export async function proveCallerIdentity(scene: Scene): Promise<Proof> {
  const result = await execIn(scene, workloads.writer, 'aws sts get-caller-identity');
  prove(result.exitCode === 0, `aws sts get-caller-identity failed: ${result.stderr.trim()}`);
  const answer: unknown = JSON.parse(result.stdout);
  const arn = isRecord(answer) ? String(answer['Arn']) : '';
  const expected = `arn:aws:sts::${scene.sandbox.identity.account}:assumed-role/${scene.names.role}/`;
  prove(arn.startsWith(expected), `the pod is ${arn}, not a session of ${scene.names.role}`);
  const call = scene.lastCall(
    (each) => each.operation === 'AssumeRoleWithWebIdentity' && each.status === 200,
  );
  const checks = call?.steps.filter((step) => step.outcome === 'passed').map((step) => step.check) ?? [];
  return { seen: `in the pod: ${arn}`, details: [`STS checked ${checks.join(', ')}`] };
}

/**
 * Uploads a file with `text`, and does what comes next. Without isolation the folder of the file is everybody's, so it is
 * named apart and removed.
 */
function copyScript(text: string, uri: string, next = 'true'): string {
  const file = '/tmp/pergola-demo-$$';
  return `echo ${text} > ${file} && aws s3 cp ${file} ${uri} && ${next}; code=$?; rm -f ${file}; exit $code`;
}

export async function proveObjectWritten(scene: Scene): Promise<Proof> {
  const { bucket } = scene.names;
  const text = 'hello from the pod';
  const script = copyScript(text, `s3://${bucket}/${OBJECT_KEY}`, `aws s3 ls s3://${bucket}`);
  const result = await execIn(scene, workloads.writer, script);
  prove(result.exitCode === 0, `aws s3 cp failed in the pod: ${result.stderr.trim()}`);
  const { Body } = await scene.s3.send(new GetObjectCommand({ Bucket: bucket, Key: OBJECT_KEY }));
  const read = await Body?.transformToString();
  prove(read === `${text}\n`, `the object holds ${JSON.stringify(read)}`);
  const call = scene.lastCall(
    (each) => each.operation === 'PutObject' && each.resources.some((arn) => arn.includes(bucket)),
  );
  prove(call, 'the plane has no record of the PutObject');
  prove(
    call.principal.includes(`assumed-role/${scene.names.role}/`),
    `PutObject was called by ${call.principal}`,
  );
  return { seen: `s3://${bucket}/${OBJECT_KEY} holds "${text}", written by ${call.principal}` };
}

/** The first failed check of the last call that matches: what `pergola explain` would say. */
function explained(scene: Scene, operation: string): string[] {
  const call = scene.lastCall((each) => each.operation === operation && each.status >= 400);
  const step = call ? decidingStep(call.steps) : undefined;
  if (!call || !step) return [];
  return [`explain ${call.requestId}: ${step.link ? `${step.link} ` : ''}${step.check}: ${step.because}`];
}

export async function proveStrangerRefused(scene: Scene): Promise<Proof> {
  const result = await execIn(scene, workloads.stranger, 'aws sts get-caller-identity');
  prove(result.exitCode !== 0, 'a pod with another ServiceAccount was let in');
  const words = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
  prove(result.stderr.includes(words), `refused, but not in AWS's words: ${result.stderr.trim()}`);
  return { seen: `AccessDenied: ${words}`, details: explained(scene, 'AssumeRoleWithWebIdentity') };
}

export async function proveReaderCannotWrite(scene: Scene): Promise<Proof> {
  const { bucket } = scene.names;
  const result = await execIn(scene, workloads.reader, copyScript('no', `s3://${bucket}/forbidden.txt`));
  prove(result.exitCode !== 0, 'a role that may only read has written');
  const words = 'because no identity-based policy allows the s3:PutObject action';
  prove(result.stderr.includes(words), `refused, but not in AWS's words: ${result.stderr.trim()}`);
  const absent = await scene.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'forbidden.txt' })).then(
    () => false,
    () => true,
  );
  prove(absent, 'the call was refused, and yet the object is there');
  return { seen: result.stderr.trim().split('\n').at(-1) ?? words, details: explained(scene, 'PutObject') };
}

/** Flips one bit in the middle of the real token's signature. */
export async function proveTamperedRefused(scene: Scene): Promise<Proof> {
  const [header, payload, signature = ''] = (await readToken(scene)).split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: `arn:aws:iam::${scene.sandbox.identity.account}:role/${scene.names.role}`,
    RoleSessionName: 'tampered',
    WebIdentityToken: `${header}.${payload}.${bytes.toString('base64url')}`,
  });
  const error: unknown = await scene.sts.send(command).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  prove(error instanceof Error, 'a token with a broken signature was accepted');
  prove(
    error.name === 'InvalidIdentityTokenException' || error.name === 'InvalidIdentityToken',
    `refused with ${error.name}`,
  );
  return {
    seen: `InvalidIdentityToken: ${error.message}`,
    details: explained(scene, 'AssumeRoleWithWebIdentity'),
  };
}
