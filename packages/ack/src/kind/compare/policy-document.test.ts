// Two policy documents with the same meaning, and two without.
import { expect, test } from 'vitest';
import { canonicalPolicy } from './policy-document.ts';

function documentOf(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

test.each([
  [{ Action: ['s3:GetObject'] }],
  [{ Action: 'S3:getobject' }],
  [{ Resource: ['*'] }],
  [{ Sid: '' }],
])('%j says the same', (change) => {
  expect(canonicalPolicy(documentOf({ ...allow, ...change }))).toBe(canonicalPolicy(documentOf(allow)));
});

test.each([
  [{ Action: 's3:PutObject' }],
  [{ Effect: 'Deny' }],
  [{ Resource: 'arn:aws:s3:::a' }],
  [{ Sid: 'named' }],
  [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
])('%j says something else', (change) => {
  expect(canonicalPolicy(documentOf({ ...allow, ...change }))).not.toBe(canonicalPolicy(documentOf(allow)));
});

test('statements, lists, conditions and principals may stand in any order and writing', () => {
  const one = {
    Version: '2012-10-17',
    Statement: [
      { ...allow, Principal: { AWS: ['111122223333', 'arn:aws:iam::444455556666:root'] } },
      { ...allow, Effect: 'Deny', Principal: '*', Condition: { StringEquals: { a: ['2', '1'] } } },
    ],
  };
  const other = {
    Statement: [
      { Condition: { StringEquals: { a: ['1', '2'] } }, Principal: { AWS: '*' }, ...allow, Effect: 'Deny' },
      { ...allow, Principal: { AWS: ['444455556666', 'arn:aws:iam::111122223333:root'] } },
    ],
    Version: '2012-10-17',
  };
  expect(canonicalPolicy(JSON.stringify(one, null, 2))).toBe(canonicalPolicy(JSON.stringify(other)));
});

test('what is no document has no meaning', () => {
  expect(canonicalPolicy('no json')).toBeUndefined();
  expect(canonicalPolicy('[]')).toBeUndefined();
});
