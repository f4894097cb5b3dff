import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../contract.ts';
import { renderRule, uncovered } from './rule-cover.ts';
import { ruleAllows } from './rule-matching.ts';

const rule = (verbs: string[], resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});
const some = (...values: string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const rules = fc.array(
  fc.record({
    verbs: some('get', 'list', 'create', '*'),
    apiGroups: some('', 'apps', '*'),
    resources: some('pods', 'pods/log', 'nodes', '*'),
    resourceNames: fc.option(some('a', 'b'), { nil: undefined }),
  }),
  { maxLength: 4 },
) as fc.Arbitrary<PolicyRule[]>;

describe('uncovered', () => {
  it('finds what is missing', () => {
    const held = [rule(['get'], ['pods'])];
    expect(uncovered(held, [rule(['get', 'list'], ['pods'])])).toEqual([rule(['list'], ['pods'])]);
    expect(uncovered([rule(['*'], ['*'])], [rule(['get'], ['pods/log'])])).toEqual([]);
    expect(uncovered(held, [rule(['*'], ['pods'])])).toHaveLength(1);
  });

  it('does not take a right on one name for a right on all', () => {
    const named = rule(['get'], ['pods'], { resourceNames: ['a'] });
    expect(uncovered([named], [rule(['get'], ['pods'])])).toHaveLength(1);
    expect(uncovered([named], [named])).toEqual([]);
    expect(uncovered([rule(['get'], ['pods'])], [named])).toEqual([]);
  });

  it('is empty for what one holds, and never grows with more rights', () => {
    fc.assert(
      fc.property(rules, rules, (held, more) => {
        expect(uncovered(held, held)).toEqual([]);
        expect(uncovered([...held, ...more], more)).toEqual([]);
      }),
    );
  });

  it('means what the authorizer means: a covered rule allows nothing new', () => {
    const request = fc.record({
      verb: fc.constantFrom('get', 'list', 'create', 'delete'),
      group: fc.constantFrom('', 'apps'),
      resource: fc.constantFrom('pods', 'nodes'),
      subresource: fc.constantFrom('', 'log'),
      name: fc.constantFrom('', 'a', 'c'),
    });
    fc.assert(
      fc.property(rules, rules, request, (held, wanted, asked) => {
        if (uncovered(held, wanted).length > 0) return;
        const attributes = { ...asked, user: { username: '', groups: [] }, namespace: '' };
        const allows = (list: PolicyRule[]) => list.some((each) => ruleAllows(each, attributes));
        if (allows(wanted)) expect(allows(held)).toBe(true);
      }),
    );
  });
});

it('prints rules as upstream does', () => {
  expect(renderRule(rule(['get'], ['nodes']))).toBe('{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}');
});
