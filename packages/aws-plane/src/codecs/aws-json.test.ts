import { beforeAll, describe, expect, test } from 'vitest';
import { AwsFault } from '../fault.ts';
import type { ServiceCodec } from './codec.ts';
import { loadCodec } from './load-codec.ts';
import { wireRequest } from './wire.fixture.ts';

let logs: ServiceCodec;
let dynamodb: ServiceCodec;
beforeAll(async () => {
  [logs, dynamodb] = await Promise.all([loadCodec('logs'), loadCodec('dynamodb')]);
});

const post = (body: string, target = '') => wireRequest('POST /', body, { 'x-amz-target': target });

test('routes by X-Amz-Target', () => {
  expect(logs.route(post('{}', 'Logs_20140328.PutLogEvents'))).toEqual({ operation: 'PutLogEvents' });
  expect(dynamodb.route(post('{}', 'DynamoDB_20120810.GetItem'))).toEqual({ operation: 'GetItem' });
  for (const target of [
    '',
    'PutLogEvents',
    'Other.PutLogEvents',
    'Logs_20140328.Fly',
    'Logs_20140328.PutLogEvents.x',
  ]) {
    expect(logs.route(post('{}', target))).toBeUndefined();
  }
  expect(logs.unknownOperation(post(''))).toMatchObject({ code: 'UnknownOperationException', status: 400 });
});

describe('decode', () => {
  test('unknown members and nulls are dropped', () => {
    const body = '{"logGroupName":"g","kmsKeyId":null,"fly":1,"tags":{"a":"b","c":null}}';
    expect(logs.decode('CreateLogGroup', post(body))).toEqual({ logGroupName: 'g', tags: { a: 'b' } });
    expect(logs.decode('DescribeLogGroups', post(''))).toEqual({});
  });

  test('a key named __proto__ is a key', () => {
    const body = '{"logGroupName":"g","tags":{"__proto__":"x"}}';
    const { tags } = logs.decode('CreateLogGroup', post(body)) as { tags: object };
    expect(Object.entries(tags)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
  });

  test.each([
    ['{"logGroupName":1}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"logGroupName":1.5}', 'DECIMAL_VALUE cannot be converted to String'],
    ['{"logGroupName":true}', 'TRUE_VALUE cannot be converted to String'],
    ['{"logGroupName":[]}', 'Start of list found where not expected'],
    ['{"logGroupName":{}}', 'Start of structure or map found where not expected'],
    ['{"tags":"x"}', 'STRING_VALUE cannot be converted to Map'],
    ['[]', 'Start of list found where not expected'],
    ['{', 'Unexpected token received from parser'],
  ])('%s: %s', (body, message) => {
    const fault = new AwsFault('SerializationException', 400, message);
    expect(() => logs.decode('CreateLogGroup', post(body))).toThrow(fault);
  });

  test('nesting without end is refused', () => {
    const item = '{"L":['.repeat(100_000) + ']}'.repeat(100_000);
    const body = `{"TableName":"t","Item":{"a":${item}}}`;
    expect(() => dynamodb.decode('PutItem', post(body))).toThrow(
      expect.objectContaining({ code: 'SerializationException' }),
    );
  });

  test('missing members, in each service’s words', () => {
    expect(() => logs.decode('CreateLogGroup', post('{}'))).toThrow(
      new AwsFault(
        'InvalidParameterException',
        400,
        "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
      ),
    );
    expect(() => dynamodb.decode('GetItem', post('{"TableName":"t"}'))).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });
});

describe('encode', () => {
  test('only the model’s members, dates as seconds, blobs as base64', () => {
    const output = {
      TableDescription: { TableName: 't', CreationDateTime: new Date(1_500), secret: 1 },
    };
    expect(dynamodb.encode('DeleteTable', output, 'id-1')).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-crc32': '3841045513',
        'x-amzn-requestid': 'id-1',
      },
      body: '{"TableDescription":{"TableName":"t","CreationDateTime":1.5}}',
    });
    const item = { Item: { a: { B: new Uint8Array([1, 2]) }, b: { L: [{ NULL: true }] } } };
    expect(dynamodb.encode('GetItem', item, 'x').body).toBe(
      '{"Item":{"a":{"B":"AQI="},"b":{"L":[{"NULL":true}]}}}',
    );
  });

  test('no output is an empty object', () => {
    expect(logs.encode('DeleteLogGroup', {}, 'x')).toMatchObject({ body: '{}' });
  });
});

describe('encodeFault', () => {
  const options = { head: false };

  test('Logs writes the bare name', () => {
    const fault = new AwsFault('ResourceNotFoundException', 400, 'The specified log group does not exist.');
    expect(logs.encodeFault(fault, 'id-1', options)).toEqual({
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'id-1' },
      body: '{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}',
    });
  });

  test('DynamoDB writes namespaces, and the message under the model’s name', () => {
    const body = (fault: AwsFault) =>
      JSON.parse(String(dynamodb.encodeFault(fault, 'x', options).body)) as object;
    expect(body(new AwsFault('ResourceNotFoundException', 400, 'gone'))).toEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'gone',
    });
    expect(body(new AwsFault('TransactionCanceledException', 400, 'm'))).toMatchObject({ Message: 'm' });
    expect(body(new AwsFault('UnknownOperationException', 400, ''))).toEqual({
      __type: 'com.amazon.coral.service#UnknownOperationException',
    });
  });
});
