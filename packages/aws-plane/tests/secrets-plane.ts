// KMS and Secrets Manager behind the real pipeline on 127.0.0.1.
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Clock, systemClock } from '@pergola/kernel';
import { kms } from '../src/services/kms/service.ts';
import { secretsManager } from '../src/services/secretsmanager/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane } from './plane.ts';

export interface SecretsPlane extends AsyncDisposable {
  readonly test: TestPlane;
  nowMs(): number;
  /** Sets the plane's clock ahead, and that of the clients. */
  advance(deltaMs: number): void;
  kms(accessKeyId?: string): KMSClient;
  secrets(accessKeyId?: string): SecretsManagerClient;
}

interface AnyClient {
  readonly config: object;
  destroy(): void;
}

export async function startSecretsPlane(): Promise<SecretsPlane> {
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const test = await startTestPlane({ clock, services: [kms, secretsManager] });
  const opened: AnyClient[] = [];
  const config = (accessKeyId: string) => ({
    region: 'us-east-1',
    endpoint: test.url,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  function keep<Client extends AnyClient>(client: Client): Client {
    // Clients would set it by the `Date` of answers, which is that of the machine.
    const offset = { get: () => aheadMs, set: () => undefined };
    Object.defineProperty(client.config, 'systemClockOffset', offset);
    opened.push(client);
    return client;
  }
  return {
    test,
    nowMs: () => clock.nowMs(),
    advance(deltaMs) {
      aheadMs += deltaMs;
    },
    kms: (accessKeyId = adminKey) => keep(new KMSClient(config(accessKeyId))),
    secrets: (accessKeyId = adminKey) => keep(new SecretsManagerClient(config(accessKeyId))),
    async [Symbol.asyncDispose]() {
      for (const client of opened) client.destroy();
      await test[Symbol.asyncDispose]();
    },
  };
}
