// Paths into what AWS answered: `A.B`, `A[].B` for each element of a list, `A[0].B` for one; empty is the whole.

export function select(value: unknown, path: string): unknown {
  return path === '' ? value : follow(value, path.split('.'));
}

function follow(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || value === undefined || value === null) return value ?? undefined;
  const [, name = step, index] = /^(.*?)\[(\d*)\]$/.exec(step) ?? [];
  const member = name === '' ? value : memberOf(value, name);
  if (index === undefined) return follow(member, rest);
  if (!Array.isArray(member)) return undefined;
  if (index !== '') return follow(member[Number(index)], rest);
  return member.map((element) => follow(element, rest)).filter((element) => element !== undefined);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
