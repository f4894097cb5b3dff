import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { AwsFault } from '../fault.ts';
import type { ServiceCodec } from './codec.ts';
import { formParameter, parseForm } from './form.ts';
import { loadCodec } from './load-codec.ts';
import { wireRequest } from './wire.fixture.ts';

let sts: ServiceCodec;
let iam: ServiceCodec;
let rds: ServiceCodec;
beforeAll(async () => {
  [sts, iam, rds] = await Promise.all([loadCodec('sts'), loadCodec('iam'), loadCodec('rds')]);
});

const post = (body: string) => wireRequest('POST /', body);

describe('route', () => {
  test('by Action, in the body or in the query of a presigned request', () => {
    expect(sts.route(post('Action=GetCallerIdentity&Version=2011-06-15'))).toEqual({
      operation: 'GetCallerIdentity',
    });
    expect(sts.route(post('Version=2011-06-15&Action=GetCallerIdentity'))).toEqual({
      operation: 'GetCallerIdentity',
    });
    const presigned = wireRequest('GET /?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60');
    expect(sts.route(presigned)).toEqual({ operation: 'GetCallerIdentity' });
  });

  test('an unknown action or version is InvalidAction, none is MissingAction', () => {
    const unknown = post('Action=Fly&Version=2011-06-15');
    expect(sts.route(unknown)).toBeUndefined();
    expect(sts.unknownOperation(unknown)).toMatchObject({
      code: 'InvalidAction',
      status: 400,
      message: 'Could not find operation Fly for version 2011-06-15',
    });
    expect(sts.route(post('Action=GetCallerIdentity&Version=1999-01-01'))).toBeUndefined();
    expect(sts.unknownOperation(post('')).code).toBe('MissingAction');
    expect(sts.route(post('Action=__proto__'))).toBeUndefined();
    expect(sts.route(post('XAction=GetCallerIdentity'))).toBeUndefined();
  });
});

describe('decode', () => {
  test('lists, structures, numbers and text with plus signs', () => {
    const body =
      'Action=CreateRole&Version=2010-05-08&RoleName=a%2Bb&Description=one+two&MaxSessionDuration=3600' +
      '&AssumeRolePolicyDocument=%7B%7D&Tags.member.2.Key=k2&Tags.member.2.Value=&Tags.member.1.Key=k1&Tags.member.1.Value=v1';
    expect(iam.decode('CreateRole', post(body))).toEqual({
      RoleName: 'a+b',
      Description: 'one two',
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: '{}',
      Tags: [
        { Key: 'k1', Value: 'v1' },
        { Key: 'k2', Value: '' },
      ],
    });
  });

  test('an empty list is not an absent one', () => {
    expect(rds.decode('DescribeDBInstances', post('Filters='))).toEqual({ Filters: [] });
    expect(rds.decode('DescribeDBInstances', post(''))).toEqual({});
  });

  test('lists by their own element names', () => {
    const body =
      'Filters.Filter.1.Name=a&Filters.Filter.1.Values.Value.1=x&Filters.Filter.1.Values.Value.2=y';
    expect(rds.decode('DescribeDBInstances', post(body))).toEqual({
      Filters: [{ Name: 'a', Values: ['x', 'y'] }],
    });
  });

  test('missing members are named, all of them', () => {
    expect(() => sts.decode('AssumeRole', post('Tags.member.1.Key=k'))).toThrow(
      new AwsFault(
        'ValidationError',
        400,
        "3 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
          "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null; " +
          "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
      ),
    );
    expect(() => rds.decode('DeleteDBInstance', post(''))).toThrow(
      'The request must contain the parameter DBInstanceIdentifier',
    );
  });

  test.each([
    ['a word for a number', 'DurationSeconds=soon'],
    ['an empty number', 'DurationSeconds='],
    ['a structure for a text', 'RoleArn.x=1'],
    ['a text for a structure', 'Tags.member.1=x'],
    ['another list name', 'Tags.Tag.1.Key=x'],
  ])('%s is MalformedInput', (_, body) => {
    expect(() => sts.decode('AssumeRole', post(body))).toThrow(
      expect.objectContaining({ code: 'MalformedInput' }),
    );
  });

  test('broken encodings, and trees without end, are refused', () => {
    expect(() => sts.decode('AssumeRole', post('RoleArn=%zz'))).toThrow('syntax error');
    expect(() => parseForm('a.'.repeat(100))).toThrow('syntax error');
    expect(() => parseForm('a=1&'.repeat(30_000))).toThrow('syntax error');
    expect(() => sts.route({ ...post(''), body: Buffer.from([0xff]) })).toThrow('syntax error');
  });

  test('a huge index costs nothing', () => {
    const tags = { Tags: [{ Key: 'a', Value: 'b' }] };
    const body = 'RoleName=r&Tags.member.999999999.Key=a&Tags.member.999999999.Value=b';
    expect(iam.decode('TagRole', post(body))).toEqual({ RoleName: 'r', ...tags });
  });

  test('keys of a prototype are only keys', () => {
    expect(iam.decode('GetUser', post('__proto__.UserName=x&constructor=y'))).toEqual({});
  });
});

test('any parameter survives, alone or in the tree', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const encoded = new URLSearchParams({ 'A.b': value }).toString();
      expect(parseForm(encoded).children?.get('A')?.children?.get('b')?.value).toBe(value);
      expect(formParameter(`x=1&Name=${encodeURIComponent(value)}&y=2`, 'Name')).toBe(value);
    }),
  );
});

describe('encode', () => {
  test('wraps the result, and keeps empty lists', () => {
    const response = iam.encode('ListRoleTags', { Tags: [], IsTruncated: false }, 'id-1');
    expect(response).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'id-1' },
      body:
        '<ListRoleTagsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRoleTagsResult>' +
        '<Tags></Tags><IsTruncated>false</IsTruncated></ListRoleTagsResult>' +
        '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ListRoleTagsResponse>',
    });
  });

  test('an operation without output has no result element', () => {
    expect(iam.encode('DeleteRole', {}, 'id-1').body).toBe(
      '<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">' +
        '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DeleteRoleResponse>',
    );
  });

  test('dates have milliseconds only where there are some', () => {
    const role = (ms: number) =>
      String(iam.encode('GetRole', { Role: { CreateDate: new Date(ms) } }, 'x').body);
    expect(role(0)).toContain('<CreateDate>1970-01-01T00:00:00Z</CreateDate>');
    expect(role(5)).toContain('<CreateDate>1970-01-01T00:00:00.005Z</CreateDate>');
  });
});

describe('encodeFault', () => {
  const options = { head: false };

  test('has type, code, message and fields in AWS order', () => {
    const fault = new AwsFault('InvalidClientTokenId', 403, 'a <b>', { Extra: '1' });
    expect(sts.encodeFault(fault, 'id-1', options)).toEqual({
      status: 403,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'id-1' },
      body:
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
        '<Code>InvalidClientTokenId</Code><Message>a &lt;b&gt;</Message><Extra>1</Extra></Error>' +
        '<RequestId>id-1</RequestId></ErrorResponse>',
    });
  });

  test('the service’s own failures are the receiver’s', () => {
    expect(sts.encodeFault(new AwsFault('InternalFailure', 500, 'x'), 'i', options).body).toContain(
      '>Receiver<',
    );
    expect(
      sts.encodeFault(new AwsFault('InternalFailure', 500, 'x'), 'i', { head: true }).body,
    ).toBeUndefined();
  });
});
