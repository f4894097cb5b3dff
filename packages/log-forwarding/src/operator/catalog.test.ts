import { expect, test } from 'vitest';
import { loggingPackage } from './catalog.ts';
import { groupNamePattern } from './crds/group-name-pattern.ts';
import { operatorRules } from './permissions.ts';
import { collectorRole, sharedClusterRoles } from './workload/access-objects.ts';
import { collectorNames } from './names.ts';

test('every channel leads to a bundle that owns what it brings', () => {
  const { channels, defaultChannel, bundles } = loggingPackage;
  expect(channels.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['stable', 'stable-5.9', 'stable-6.0', defaultChannel]),
  );
  for (const { csv: name } of channels) {
    const bundle = bundles[name];
    expect(bundle?.csv.metadata.name).toBe(name);
    const owned = bundle?.csv['spec'].customresourcedefinitions.owned.map(
      (each: { name: string }) => each.name,
    );
    expect(owned).toEqual(bundle?.crds.map(({ metadata }) => metadata.name));
    const [deployment] = bundle?.csv['spec'].install.spec.deployments ?? [];
    expect(deployment.spec.template.spec.containers[0].args).toEqual(['operator', 'logging']);
    expect(deployment.spec.template.metadata.labels).toMatchObject(deployment.spec.selector.matchLabels);
  }
});

test('each release takes the place of the one before', () => {
  const replaced = Object.values(loggingPackage.bundles).map(
    ({ csv }) => csv['spec'].replaces as string | undefined,
  );
  const names = Object.keys(loggingPackage.bundles);
  expect(replaced).toEqual([undefined, ...names.slice(0, -1)]);
});

test('the operator has what it gives to others: no cluster lets it give more', () => {
  const identity = { apiVersion: 'logging.openshift.io/v1', namespace: 'n', name: 'f' } as const;
  const given = [...sharedClusterRoles(), collectorRole(collectorNames(identity, 's'))].flatMap(
    (role): { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[] =>
      role['rules'],
  );
  for (const rule of given) {
    for (const verb of rule.verbs) {
      for (const resource of rule.resources) {
        const covering = operatorRules.filter(
          (own) =>
            own.verbs.includes(verb) &&
            own.resources.includes(resource) &&
            rule.apiGroups.every((group) => own.apiGroups.includes(group)) &&
            (!own.resourceNames || rule.resourceNames?.every((name) => own.resourceNames?.includes(name))),
        );
        expect(covering, `${verb} ${resource}`).not.toEqual([]);
      }
    }
  }
});

const pattern = new RegExp(groupNamePattern);

test.each([
  'plain-name_1.a/b',
  '{.log_type||"none"}',
  'foo-{.log_type||"none"}',
  'foo.{.kubernetes.namespace_name||.kubernetes.labels."app/x"||"x y"}.bar{.a||""}',
  '{.a||"b"||"c"}',
])('%s names a group', (text) => {
  expect(text).toMatch(pattern);
});

test.each(['{.log_type}', '{log_type||"x"}', 'a b', '{.a||x}', 'foo-{.log_type||"none"', '#'])(
  '%s names none',
  (text) => {
    expect(text).not.toMatch(pattern);
  },
);

// A pattern that backtracks would keep the API server busy for ever, and this test with it.
test('long names are refused as fast as short ones', () => {
  for (const part of ['a', '{.a||"b"', '{.a||"b"||', '"', '.a'])
    expect(`${part.repeat(20_000)} `).not.toMatch(pattern);
});
