// What the parameter groups of instances and clusters have in common: only the parameters that a user set count.
import type { Dealings, FieldRule, Raw, Ways } from '../../kind/description.ts';
import type { Difference } from '../../kind/kind.ts';
import { isObject } from '../../kind/values/to-aws.ts';

export interface ParameterCalls {
  readonly describe: string;
  readonly modify: string;
  readonly reset: string;
  /** The member that names the group. */
  readonly name: string;
}

export function parameterFields(calls: ParameterCalls): Readonly<Record<string, FieldRule>> {
  return {
    Name: { compare: 'caseless', replace: true },
    Family: { replace: true },
    Description: { replace: true },
    ParameterOverrides: {
      mapOf: 's',
      observe: 'ParameterOverrides',
      description:
        'Parameters that differ from the default, by name. How each is applied follows from its kind.',
    },
    ParameterOverrideStatuses: { status: true, from: `${calls.describe}.Parameters` },
  };
}

export function parameterWays(calls: ParameterCalls): Ways {
  return {
    operations: [calls.describe, calls.modify, calls.reset],
    read: async (dealings) => {
      const parameters = await parametersOf(calls, dealings, { Source: 'user' });
      return {
        ParameterOverrideStatuses: parameters,
        ParameterOverrides: Object.fromEntries(
          parameters.map((parameter) => [String(parameter['ParameterName']), parameter['ParameterValue']]),
        ),
      };
    },
    update: {
      ParameterOverrides: async (dealings, differences) => {
        await changeParameters(calls, dealings, differences);
      },
    },
  };
}

/** AWS takes so many at a time. */
const atOnce = 20;

async function changeParameters(
  calls: ParameterCalls,
  dealings: Dealings,
  differences: readonly Difference[],
): Promise<void> {
  const known = await parametersOf(calls, dealings, {});
  const applied = new Map(known.map((parameter) => [parameter['ParameterName'], applyMethod(parameter)]));
  const changes = differences.map(({ path, wanted }) => {
    const name = path.slice(path.indexOf('.') + 1);
    return {
      ParameterName: name,
      ParameterValue: typeof wanted === 'string' ? wanted : undefined,
      ApplyMethod: applied.get(name) ?? 'pending-reboot',
    };
  });
  const set = changes.filter(({ ParameterValue }) => ParameterValue !== undefined);
  const reset = changes
    .filter(({ ParameterValue }) => ParameterValue === undefined)
    .map(({ ParameterName, ApplyMethod }) => ({ ParameterName, ApplyMethod }));
  await inPortions(set, (Parameters) =>
    dealings.call(calls.modify, { ...named(calls, dealings), Parameters }),
  );
  await inPortions(reset, (Parameters) =>
    dealings.call(calls.reset, { ...named(calls, dealings), ResetAllParameters: false, Parameters }),
  );
}

function applyMethod(parameter: Raw): string {
  return parameter['ApplyType'] === 'dynamic' ? 'immediate' : 'pending-reboot';
}

async function inPortions(
  changes: readonly object[],
  send: (portion: readonly object[]) => Promise<unknown>,
): Promise<void> {
  for (let index = 0; index < changes.length; index += atOnce) {
    await send(changes.slice(index, index + atOnce));
  }
}

async function parametersOf(calls: ParameterCalls, dealings: Dealings, filter: Raw): Promise<readonly Raw[]> {
  const found: Raw[] = [];
  let marker: unknown;
  do {
    const page = marker === undefined ? {} : { Marker: marker };
    const output = await dealings.call(calls.describe, { ...named(calls, dealings), ...filter, ...page });
    const { Parameters, Marker } = output;
    if (Array.isArray(Parameters)) found.push(...Parameters.filter(isObject));
    marker = Marker;
  } while (marker !== undefined && marker !== '');
  return found;
}

function named(calls: ParameterCalls, { find }: Dealings): Raw {
  return { [calls.name]: find('$Name') };
}
