// The whole plane behind its HTTP server, and IAM clients of any user, for the tests of IAM.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import { startAwsPlane } from '../src/index.ts';

export const account = '123456789012';
export const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface IamPlane extends AsyncDisposable {
  /** As the administrator. */
  readonly iam: IAMClient;
  readonly administrator: Keys & { readonly arn: string };
  iamOf(keys: Keys): IAMClient;
  stsOf(keys: Keys): STSClient;
  /** A new user who may do what `statements` allow, as a client. */
  userWith(name: string, statements: readonly object[]): Promise<Keys>;
}

export async function startIamPlane(): Promise<IamPlane> {
  const path = mkdtempSync(join(tmpdir(), 'pergola-iam-'));
  const disposal = new Disposal();
  disposal.defer(() => rmSync(path, { recursive: true, force: true }));
  const store = disposal.use(openStore({ path: join(path, 'store'), durability: 'ephemeral' }));
  const foundation = { store, clock: systemClock, random: systemRandom, logger: silentLogger };
  const plane = disposal.use(await startAwsPlane({ ...foundation, dataDir: path, port: 0 }));
  const optionsOf = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => ({
    region: 'us-east-1',
    endpoint: plane.url,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    maxAttempts: 1,
  });
  const closing = <Client extends { destroy(): void }>(client: Client): Client => {
    disposal.defer(() => client.destroy());
    return client;
  };
  const iamOf = (keys: Keys) => closing(new IAMClient(optionsOf(keys)));
  const iam = iamOf(plane.administrator);
  return {
    iam,
    administrator: plane.administrator,
    iamOf,
    stsOf: (keys) => closing(new STSClient(optionsOf(keys))),
    async userWith(UserName, statements) {
      await iam.send(new CreateUserCommand({ UserName }));
      if (statements.length > 0)
        await iam.send(
          new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) }),
        );
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    },
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

export const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  more = {},
) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

/** A trust policy for the account, or for the principals that are named. */
export const trustOf = (AWS: string | readonly string[] = account) =>
  policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
