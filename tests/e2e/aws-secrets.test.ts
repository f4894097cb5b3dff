// KMS and Secrets Manager for the clients that people have: Terraform's provider and the command line.
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, run } from './clients.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const must = (words: readonly string[]) => runTerraform(endpoint, words);

describe.skipIf(!terraform)(terraformTitle, () => {
  it('makes keys and secrets, finds them unchanged, edits them and leaves nothing behind', async () => {
    await initTerraform(endpoint, 'terraform-secrets');
    expect(await must(['apply', '-auto-approve'])).toContain('Resources: 6 added');
    expect(JSON.parse(await must(['output', '-json']))).toMatchObject({ password: { value: 's3cret-1' } });
    await must(['plan', '-detailed-exitcode']);
    const edited = ['-var', 'revision=2'];
    expect(await must(['apply', '-auto-approve', ...edited])).toMatch(/Apply complete! Resources: /);
    expect(JSON.parse(await must(['output', '-json']))).toMatchObject({ password: { value: 's3cret-2' } });
    await must(['plan', '-detailed-exitcode', ...edited]);
    expect(await must(['destroy', '-auto-approve', ...edited])).toContain('Resources: 6 destroyed');
    const secrets = new SecretsManagerClient({ ...clientConfig(endpoint), region: 'eu-central-1' });
    expect((await secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
    secrets.destroy();
    expect(endpoint.bugs).toEqual([]);
  });
});

const aws = findProgram('aws');

describe.skipIf(!aws)(`aws${aws ? '' : because('the AWS CLI')}`, () => {
  const cli = async (...words: string[]) => {
    const ran = await run(aws ?? '', [...words, '--output', 'json'], {
      env: endpoint.env,
      cwd: endpoint.folder,
    });
    return ran.code === 0 ? (JSON.parse(ran.stdout || '{}') as Record<string, string>) : ran.stderr;
  };
  const ok = async (...words: string[]) => {
    const answer = await cli(...words);
    expect(answer).toBeTypeOf('object');
    return answer as Record<string, string>;
  };

  it('keeps a secret', async () => {
    await ok('secretsmanager', 'create-secret', '--name', 'cli/one', '--secret-string', 'two words');
    expect(await ok('secretsmanager', 'get-secret-value', '--secret-id', 'cli/one')).toMatchObject({
      Name: 'cli/one',
      SecretString: 'two words',
      VersionStages: ['AWSCURRENT'],
    });
    expect(await cli('secretsmanager', 'get-secret-value', '--secret-id', 'cli/two')).toContain(
      "(ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret.",
    );
  });

  it('encrypts and decrypts a file', async () => {
    await ok('kms', 'create-key');
    const { KeyMetadata } = (await ok('kms', 'create-key')) as unknown as { KeyMetadata: { KeyId: string } };
    writeFileSync(join(endpoint.folder, 'plain'), 'from a file');
    const { CiphertextBlob = '' } = await ok(
      'kms',
      'encrypt',
      '--key-id',
      KeyMetadata.KeyId,
      '--plaintext',
      'fileb://plain',
    );
    writeFileSync(join(endpoint.folder, 'sealed'), Buffer.from(CiphertextBlob, 'base64'));
    const { Plaintext = '' } = await ok('kms', 'decrypt', '--ciphertext-blob', 'fileb://sealed');
    expect(Buffer.from(Plaintext, 'base64').toString()).toBe('from a file');
  });
});
