import { expect, it } from 'vitest';
import { negotiate } from './accept.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

it.each([
  [undefined, { format: 'json', shape: 'object' }],
  ['*/*', { format: 'json', shape: 'object' }],
  ['application/vnd.kubernetes.protobuf,application/json', { format: 'json', shape: 'object' }],
  [`${TABLE},application/json`, { format: 'json', shape: 'table' }],
  ['application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', { format: 'json', shape: 'object' }],
  ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', { format: 'json', shape: 'metadata' }],
  ['application/yaml', { format: 'yaml', shape: 'object' }],
  ['application/json;q=0.1, application/yaml;q=0.9', { format: 'yaml', shape: 'object' }],
])('%s', (header, wanted) => {
  expect(negotiate(header)).toEqual(wanted);
});

it('refuses what cannot be served', () => {
  expect(() => negotiate('application/cbor')).toThrow(
    'only the following media types are accepted: application/json, application/yaml',
  );
  expect(() => negotiate('application/json;q=0')).toThrow();
});
