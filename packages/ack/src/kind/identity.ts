// What an adoption names: fields of spec and status, or the ARN.
import type { JsonObject, Wanted } from './kind.ts';
import type { KindModel, TopField } from './model/kind-model.ts';

export function identify(
  model: KindModel,
  fields: Readonly<Record<string, string>>,
): Pick<Wanted, 'spec' | 'status' | 'arn'> {
  const spec: Record<string, string> = {};
  const status: Record<string, string> = {};
  let arn: string | undefined;
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'arn') arn = value;
    else if (isText(model.specByName.get(name))) spec[name] = value;
    else if (isText(model.status.find((field) => field.name === name))) status[name] = value;
    else throw new Error(unknownName(model, name));
  }
  const identity = model.specByKey.get(model.description.identity);
  if (arn !== undefined && identity && spec[identity.name] === undefined) {
    spec[identity.name] = nameInArn(arn);
  }
  return { spec: spec satisfies JsonObject, status: status satisfies JsonObject, arn };
}

function isText(field: TopField | undefined): boolean {
  return field?.type.kind === 'string';
}

function unknownName({ description, specByKey }: KindModel, name: string): string {
  const identity = specByKey.get(description.identity)?.name ?? 'arn';
  return `${description.kind} has no text field ${JSON.stringify(name)} to be adopted by; its name is in ${JSON.stringify(identity)}, or give "arn"`;
}

/** The last part of an ARN is the name. */
function nameInArn(arn: string): string {
  return /[^:/]+$/.exec(arn)?.[0] ?? arn;
}
