import { expect, test } from 'vitest';
import { type ServiceModel, ShapeGraph } from '@pergola/aws-model';
import { RequiredChecks } from './required.ts';

/** A tree: nodes with a required name, children in a list, and by name in a map. */
const model: ServiceModel = {
  service: 'test',
  protocol: 'awsQuery',
  version: '',
  xmlNamespace: '',
  target: '',
  operations: {},
  errors: {},
  shapes: {
    Node: { members: { Name: 's', Nodes: 'NodeList', ByName: 'NodeMap', Free: 'Free' }, required: 1 },
    NodeList: { list: 'Node' },
    NodeMap: { key: 's', value: 'Node' },
    Free: { members: { Text: 's', Free: 'Free' } },
  },
};

const node = new ShapeGraph(model).structure('Node');

test('finds what is missing at any depth, through lists, maps and shapes that contain themselves', () => {
  const checks = new RequiredChecks();
  expect(checks.missing(node, { Name: 'a', Nodes: [{ Name: 'b' }], Free: { Free: {} } })).toEqual([]);
  const broken = { Nodes: [{ Name: 'b' }, { Nodes: [{}] }], ByName: { x: { Name: 'c', ByName: { y: {} } } } };
  expect(checks.missing(node, broken)).toEqual([
    'name',
    'nodes.2.member.name',
    'nodes.2.member.nodes.1.member.name',
    'byName.x.member.byName.y.member.name',
  ]);
});

test('empty text, zero and false are there', () => {
  expect(new RequiredChecks().missing(node, { Name: '' })).toEqual([]);
});

test('names a bounded number', () => {
  const Nodes = Array.from({ length: 10_000 }, () => ({}));
  expect(new RequiredChecks().missing(node, { Name: 'a', Nodes })).toHaveLength(50);
});
