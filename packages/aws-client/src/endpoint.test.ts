import { expect, test } from 'vitest';
import { endpointOf } from './endpoint.ts';
import { partitionOf, signingRegionOf } from './region.ts';

test.each([
  ['logs', 'eu-west-1', 'https://logs.eu-west-1.amazonaws.com/'],
  ['logs', 'cn-north-1', 'https://logs.cn-north-1.amazonaws.com.cn/'],
  ['sts', 'us-gov-west-1', 'https://sts.us-gov-west-1.amazonaws.com/'],
  ['logs', 'us-iso-east-1', 'https://logs.us-iso-east-1.c2s.ic.gov/'],
  ['logs', 'eusc-de-east-1', 'https://logs.eusc-de-east-1.amazonaws.eu/'],
  ['iam', 'eu-west-1', 'https://iam.amazonaws.com/'],
  ['iam', 'cn-northwest-1', 'https://iam.cn-north-1.amazonaws.com.cn/'],
])('%s in %s is %s', (service, region, url) => {
  expect(endpointOf({ service, region }).href).toBe(url);
});

test('what is configured wins over the variable of the service, that over the common one', () => {
  const env = {
    AWS_ENDPOINT_URL: 'http://all:1',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://stream@logs:2/',
    AWS_ENDPOINT_URL_STS: '',
  };
  const at = (service: string, endpoint?: string) =>
    endpointOf({ service, region: 'us-east-1', endpoint, env }).href;
  expect(at('logs', 'http://own:3')).toBe('http://own:3/');
  expect(at('logs')).toBe('http://logs:2/');
  expect(at('sts')).toBe('http://all:1/');
  const ignoring = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
  expect(endpointOf({ service: 'logs', region: 'us-east-1', env: ignoring }).hostname).toBe(
    'logs.us-east-1.amazonaws.com',
  );
});

test('user names and passwords in an endpoint go', () => {
  const url = endpointOf({
    service: 'logs',
    region: 'us-east-1',
    endpoint: 'http://stream:x@127.0.0.1:4566',
  });
  expect(url.href).toBe('http://127.0.0.1:4566/');
});

test.each(['nonsense', 'ftp://host', 'host:4566'])('%s is no endpoint', (endpoint) => {
  expect(() => endpointOf({ service: 'logs', region: 'us-east-1', endpoint })).toThrow(
    expect.objectContaining({ code: 'InvalidEndpoint' }) as Error,
  );
});

test.each([
  '',
  'x@evil.example/',
  'evil.example#',
  'us-east-1.evil.example',
  'us-east-1:80',
  '-x',
  'us_east',
])("'%s' is no region, whatever the endpoint", (region) => {
  const invalid = expect.objectContaining({ code: 'InvalidRegion' }) as Error;
  expect(() => endpointOf({ service: 'rds', region })).toThrow(invalid);
  expect(() => endpointOf({ service: 'rds', region, endpoint: 'http://own:3' })).toThrow(invalid);
});

test('partitions name their resources and sign for IAM', () => {
  expect(partitionOf('us-isob-east-1')).toBe('aws-iso-b');
  expect(partitionOf('ap-southeast-2')).toBe('aws');
  expect(signingRegionOf('iam', 'us-gov-east-1')).toBe('us-gov-west-1');
  expect(signingRegionOf('logs', 'us-gov-east-1')).toBe('us-gov-east-1');
});
