import { expect, test } from 'vitest';
import { thingKind } from '../../../tests/runtime-kind.ts';
import { loadKinds, kindNames } from '../../kinds/index.ts';
import { ackPackagesOf } from './packages.ts';
import { operatorRules } from './permissions.ts';

const kinds = [thingKind(), thingKind({ kind: 'Box' })];
const packages = ackPackagesOf(kinds, async () => kinds.map(({ crd }) => crd));

test('there is one package for all services, and one for each under the name of ACK', () => {
  expect(packages.map(({ name }) => name)).toEqual(['ack', 'ack-things-controller']);
});

test('every channel leads to a bundle that owns what it brings and serves it', async () => {
  for (const each of packages) {
    expect(each.channels.map(({ name }) => name)).toContain(each.defaultChannel);
    for (const { csv: name } of each.channels) {
      const bundle = each.bundles[name];
      expect(bundle?.csv.metadata.name).toBe(name);
      const spec = bundle?.csv['spec'];
      const owned = spec.customresourcedefinitions.owned.map((one: { name: string }) => one.name);
      expect(owned).toEqual((await bundle?.crds())?.map(({ metadata }) => metadata.name));
      const [{ spec: deployment }] = spec.install.spec.deployments;
      const [container] = deployment.template.spec.containers;
      expect(container.args.slice(0, 2)).toEqual(['operator', 'ack']);
      expect(deployment.template.metadata.labels).toMatchObject(deployment.selector.matchLabels);
      expect(spec.install.spec.clusterPermissions[0].serviceAccountName).toBe(
        deployment.template.spec.serviceAccountName,
      );
    }
  }
});

test('a package of one service serves no other', () => {
  const [bundle] = Object.values(packages[1]?.bundles ?? {});
  const [{ spec }] = bundle?.csv['spec'].install.spec.deployments ?? [];
  expect(spec.template.spec.containers[0].args).toEqual(['operator', 'ack', '--services', 'things']);
});

test('references to resources of other operators may be read, and nothing else of them', async () => {
  const rules = operatorRules(kindNames());
  const foreign = rules.filter(({ apiGroups: [group = ''] }) => /^(ec2|kms|sns)\./.test(group));
  expect(foreign).toContainEqual({
    apiGroups: ['ec2.services.k8s.aws'],
    resources: ['securitygroups', 'subnets'],
    verbs: ['get'],
  });
  const readable = new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      verbs.includes('get') ? resources.map((plural) => `${plural}.${apiGroups.join()}`) : [],
    ),
  );
  for (const { references } of await loadKinds()) {
    for (const { target } of references) expect(readable).toContain(`${target.plural}.${target.group}`);
  }
});
