// EC2's networks for the clients that people have: Terraform's provider, the command line, boto3's own codec.
import { EC2Client, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
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
  it('makes networks, finds them unchanged, edits them and leaves nothing behind', async () => {
    await initTerraform(endpoint, 'terraform-networks');
    expect(await must(['apply', '-auto-approve'])).toContain('Apply complete! Resources: 13 added');
    expect(JSON.parse(await must(['output', '-json']))).toMatchObject({ default_subnets: { value: 3 } });
    await must(['plan', '-detailed-exitcode']);
    const edited = ['-var', 'revision=2'];
    expect(await must(['apply', '-auto-approve', ...edited])).toMatch(
      /Resources: 0 added, 6 changed, 0 destroyed/,
    );
    await must(['plan', '-detailed-exitcode', ...edited]);
    expect(await must(['destroy', '-auto-approve', ...edited])).toContain('Resources: 13 destroyed');
    const ec2 = new EC2Client(clientConfig(endpoint));
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs).toMatchObject([{ IsDefault: true }]);
    ec2.destroy();
    expect(endpoint.bugs).toEqual([]);
  });
});

const aws = findProgram('aws');

describe.skipIf(!aws)(`aws${aws ? '' : because('the AWS CLI')}`, () => {
  const cli = async (...words: string[]) => {
    const ran = await run(aws ?? '', ['ec2', ...words, '--output', 'json'], { env: endpoint.env });
    return ran.code === 0 ? (JSON.parse(ran.stdout || '{}') as Record<string, unknown>) : ran.stderr;
  };

  it('describes, makes and deletes', async () => {
    const filters = ['--filters', 'Name=is-default,Values=true'];
    expect(await cli('describe-vpcs', ...filters)).toMatchObject({ Vpcs: [{ CidrBlock: '172.31.0.0/16' }] });
    const made = (await cli('create-security-group', '--group-name', 'web', '--description', 'web')) as {
      GroupId: string;
    };
    const rule = ['--group-id', made.GroupId, '--protocol', 'tcp', '--port', '443', '--cidr', '0.0.0.0/0'];
    expect(await cli('authorize-security-group-ingress', ...rule)).toMatchObject({
      SecurityGroupRules: [{ CidrIpv4: '0.0.0.0/0', FromPort: 443, ToPort: 443 }],
    });
    expect(await cli('authorize-security-group-ingress', ...rule)).toContain(
      '(InvalidPermission.Duplicate) when calling the AuthorizeSecurityGroupIngress operation: the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
    );
    expect(await cli('delete-security-group', '--group-id', made.GroupId)).toMatchObject({ Return: true });
  });
});
