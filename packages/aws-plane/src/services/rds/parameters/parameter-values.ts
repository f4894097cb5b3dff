// Changes to a group's parameters: which are allowed, and what becomes of the group.
import type { Parameter } from '@aws-sdk/client-rds';
import { faults } from '../faults.ts';
import { isFormula } from './formula.ts';
import type { StoredParameterGroup } from './parameter-group.ts';
import { type ParameterFacts, type ParameterTable, tableOfFamily } from './parameter-table.ts';

/** As many may be changed by one call. */
const CHANGES_MAX = 20;

export function tableOf(group: Pick<StoredParameterGroup, 'family'>): ParameterTable {
  const table = tableOfFamily(group.family);
  if (!table) throw faults.invalidValue(`Invalid DBParameterGroupFamily: ${group.family}`);
  return table;
}

function factsOf(table: ParameterTable, name: string | undefined): ParameterFacts {
  const facts = table.get((name ?? '').toLowerCase());
  if (!facts) throw faults.invalidValue(`Could not find parameter with name: ${name ?? ''}`);
  if (!facts.modifiable) throw faults.invalidValue(`The parameter ${facts.name} cannot be modified.`);
  return facts;
}

function isAllowed({ dataType, allowed }: ParameterFacts, value: string): boolean {
  const isNumber = dataType === 'integer' || dataType === 'float';
  if (isFormula(value)) return isNumber;
  const choices = allowed.split(',');
  if (dataType === 'string')
    return allowed === '' || value.split(',').every((one) => choices.includes(one.trim()));
  if (choices.length > 1) return choices.includes(value);
  const pattern = dataType === 'integer' ? /^-?\d+$/ : /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
  return pattern.test(value) && isWithin(allowed, Number(value));
}

/** `allowed`: `1-100`, or empty for any number. */
function isWithin(allowed: string, value: number): boolean {
  const [, least, most] = /^(-?[\d.e+]+)-(-?[\d.e+]+)$/i.exec(allowed) ?? [];
  return least === undefined || most === undefined || (value >= Number(least) && value <= Number(most));
}

const CONTROL = /[^\x20-\x7e]/;

function checkValue(facts: ParameterFacts, value: string | undefined): string {
  if (value === undefined) throw faults.missing(`Parameters.Parameter.${facts.name}.ParameterValue`);
  if (isAllowed(facts, value) && !CONTROL.test(value)) return value;
  throw faults.invalidValue(
    `Invalid parameter value: ${value} for: ${facts.name} allowed values are: ${facts.allowed}`,
  );
}

/** The group with `changes`; nothing is changed when one of them is not allowed. */
export function withChanges(
  group: StoredParameterGroup,
  changes: readonly Parameter[],
): StoredParameterGroup {
  assertCount(changes);
  const table = tableOf(group);
  const values = new Map(Object.entries(group.values));
  const atReboot = new Set(group.atReboot);
  for (const { ParameterName, ParameterValue, ApplyMethod } of changes) {
    const facts = factsOf(table, ParameterName);
    if (ApplyMethod !== 'immediate' && ApplyMethod !== 'pending-reboot')
      throw faults.invalidValue(`Invalid apply method: ${ApplyMethod ?? ''}`);
    if (facts.applyType === 'static' && ApplyMethod === 'immediate')
      throw faults.invalidCombination('cannot use immediate apply method for static parameter');
    values.set(facts.name, checkValue(facts, ParameterValue));
    if (ApplyMethod === 'pending-reboot') atReboot.add(facts.name);
    else atReboot.delete(facts.name);
  }
  return { ...group, values: Object.fromEntries(values), atReboot: [...atReboot] };
}

/** The group without the named changes, or without any. */
export function withoutChanges(
  group: StoredParameterGroup,
  reset: { readonly all: boolean; readonly parameters: readonly Parameter[] },
): StoredParameterGroup {
  if (reset.all) return { ...group, values: {}, atReboot: [] };
  assertCount(reset.parameters);
  const table = tableOf(group);
  const gone = new Set(reset.parameters.map(({ ParameterName }) => factsOf(table, ParameterName).name));
  return {
    ...group,
    values: Object.fromEntries(Object.entries(group.values).filter(([name]) => !gone.has(name))),
    atReboot: group.atReboot.filter((name) => !gone.has(name)),
  };
}

function assertCount({ length }: readonly Parameter[]): void {
  if (length === 0) throw faults.missing('Parameters');
  if (length > CHANGES_MAX)
    throw faults.invalidValue(
      `At most ${CHANGES_MAX} parameters can be changed at once; ${length} were given.`,
    );
}

/** All parameters of a group as DescribeDBParameters shows them. */
export function parametersOf(group: StoredParameterGroup): Parameter[] {
  return [...tableOf(group).values()].map((facts) => {
    const own = group.values[facts.name];
    return {
      ParameterName: facts.name,
      ...(own === undefined && facts.standard === '' ? {} : { ParameterValue: own ?? facts.standard }),
      Source: own === undefined ? 'engine-default' : 'user',
      ApplyType: facts.applyType,
      DataType: facts.dataType,
      ...(facts.allowed === '' ? {} : { AllowedValues: facts.allowed }),
      IsModifiable: facts.modifiable,
      ApplyMethod:
        facts.applyType === 'static' || group.atReboot.includes(facts.name) ? 'pending-reboot' : 'immediate',
    };
  });
}
