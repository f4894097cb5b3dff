// Reading a resource: one call finds it, further calls add what the first does not tell.
import { AwsError, isTransient } from '@pergola/aws-client';
import type { Raw, ReadCall } from '../description.ts';
import type { AwsCall, Wanted } from '../kind.ts';
import type { KindModel } from '../model/kind-model.ts';
import { select } from '../values/select.ts';
import { isObject } from '../values/to-aws.ts';
import { arnOf, deal, fill, type Found, isFillable } from './dealings.ts';

/** More pages than any account has of one kind are a mistake of ours. */
const mostPages = 1000;

/** What AWS has in its own shapes; undefined when it has nothing, or when it is not known which it is. */
export async function readResource(
  model: KindModel,
  call: AwsCall,
  wanted: Wanted,
): Promise<Raw | undefined> {
  const { read, ways } = model.description;
  const [first, ...others] = read;
  let resource: Raw | undefined;
  if (ways?.find) resource = await ways.find(deal(model, call, wanted, {}));
  else if (first) resource = await findResource(first, deal(model, call, wanted, {}));
  if (!resource) return undefined;
  resource = withName(model, call, wanted, resource);
  for (const step of ways?.find ? read : others) {
    const part = await readPart(step, deal(model, call, wanted, resource));
    if (part) resource = { ...resource, ...part };
  }
  resource = { ...resource, ...(await readOwnCalls(model, call, wanted, resource)) };
  if (ways?.read) resource = { ...resource, ...(await ways.read(deal(model, call, wanted, resource))) };
  return resource;
}

/** Fields with calls of their own, and the tags. */
async function readOwnCalls(model: KindModel, call: AwsCall, wanted: Wanted, resource: Raw): Promise<Raw> {
  const dealings = deal(model, call, wanted, resource);
  const { tags } = model.description;
  const reads = model.spec.flatMap(({ key, rule }) => {
    const read = rule.part?.read ?? rule.entries?.read ?? (tags?.field === key ? tags.read : undefined);
    return read && dealings.isAsked(key) ? [{ key, read }] : [];
  });
  const parts = await Promise.all(
    reads.map(async ({ key, read }) => [key, await readOwn(key, read, dealings)] as const),
  );
  return Object.fromEntries(parts);
}

/** What nobody asked for may be refused: it is left out then. */
async function readOwn(key: string, read: ReadCall, dealings: Found): Promise<unknown> {
  try {
    return await readValue(read, dealings);
  } catch (error) {
    const isRefusal = error instanceof AwsError && !isTransient(error);
    if (isRefusal && dealings.field(key) === undefined && key !== dealings.model.description.tags?.field) {
      return undefined;
    }
    throw error;
  }
}

/** Some services do not tell what a resource is called, nor its ARN. */
function withName(model: KindModel, call: AwsCall, wanted: Wanted, resource: Raw): Raw {
  const { arn, identity } = model.description;
  const dealings = deal(model, call, wanted, resource);
  const told = model.specByKey.get(identity)?.sources.some((source) => source in resource);
  const name = told ? {} : { [identity]: dealings.field(identity) };
  if (arn === undefined || arnOf(model, resource) !== undefined) return { ...resource, ...name };
  return { ...resource, ...name, ...fill({ Arn: arn }, dealings) };
}

async function findResource(step: ReadCall, dealings: Found): Promise<Raw | undefined> {
  if (!isFillable(step.input, dealings)) return undefined;
  const found = await readValue(step, dealings);
  const value = Array.isArray(found) ? (found[0] as unknown) : found;
  return isObject(value) ? value : undefined;
}

async function readPart(step: ReadCall, dealings: Found): Promise<Raw | undefined> {
  const value = await readValue(step, dealings);
  return isObject(value) ? value : undefined;
}

/** What stands at `at` of the answer; all pages of it when it comes in pages. */
async function readValue(step: ReadCall, dealings: Found): Promise<unknown> {
  if (!isFillable(step.input, dealings)) return undefined;
  const input = fill(step.input, dealings);
  try {
    const value = step.page ? await readPages(step, dealings, input) : await answer(step, dealings, input);
    return Array.isArray(value) && step.where ? chosen(value, step.where, dealings) : value;
  } catch (error) {
    if (error instanceof AwsError && step.absent?.includes(error.code)) return undefined;
    throw error;
  }
}

async function answer(step: ReadCall, { call }: Found, input: Raw): Promise<unknown> {
  return select(await call(step.operation, input), step.at ?? '');
}

async function readPages(step: ReadCall, { call }: Found, input: Raw): Promise<readonly unknown[]> {
  const [asks = '', tells = ''] = step.page ?? [];
  const all: unknown[] = [];
  let page: unknown;
  for (let count = 0; count < mostPages; count++) {
    const output = await call(step.operation, page === undefined ? input : { ...input, [asks]: page });
    const found = select(output, step.at ?? '');
    if (Array.isArray(found)) all.push(...(found as readonly unknown[]));
    page = output[tells];
    if (page === undefined || page === '' || page === null) break;
  }
  return all;
}

function chosen(
  values: readonly unknown[],
  where: Readonly<Record<string, unknown>>,
  dealings: Found,
): unknown[] {
  const asked = Object.entries(fill(where, dealings));
  return values.filter((value) => asked.every(([path, expected]) => select(value, path) === expected));
}
