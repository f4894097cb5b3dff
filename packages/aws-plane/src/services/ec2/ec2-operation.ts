// What all operations of EC2 have in common: DryRun, the default network, what policies are asked.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Operation } from '../../operation.ts';
import { ensureHome } from './default-network.ts';
import { faults } from './faults.ts';
import { arnOf, type Home, type IdPrefix, nouns, prefixOf } from './home.ts';
import { find, resourceTable } from './state.ts';
import { requestTagContext, specifiedTags, type TagSpecifications } from './tags/specified-tags.ts';

interface AnyInput {
  readonly DryRun?: boolean | undefined;
  readonly TagSpecifications?: TagSpecifications | undefined;
}

interface Description<Input, Output> {
  readonly name: string;
  /** The resources that are touched: ids of those that exist; a bare prefix is one yet to be made. Default: `*`. */
  readonly touches?: (input: Input, call: Call) => readonly (string | undefined)[];
  /** The kind that TagSpecifications may name. */
  readonly tagged?: IdPrefix;
  readonly handle: (call: Call, input: Input) => Output | Promise<Output>;
}

/** An operation of EC2, which is described by what is its own. */
export function ec2Operation<Input extends object, Output extends object>({
  name,
  touches,
  tagged,
  handle,
}: Description<Input, Output>): Operation<Input, Output> {
  return {
    name,
    access: {
      iam(input: Input & AnyInput, call) {
        const tags = tagged === undefined ? {} : specifiedTags(tagged, input.TagSpecifications);
        const context = requestTagContext(tags);
        const action = `ec2:${name}`;
        const own = touches?.(input, call) ?? [];
        const checks: AccessCheck[] = own
          .filter((id) => id !== undefined)
          .map((id) => ({ action, ...checkOn(call, id, context) }));
        if (checks.length === 0) checks.push({ action, resource: '*', context });
        if (tagged === undefined || Object.keys(tags).length === 0) return checks;
        const creation = { ...context, 'ec2:CreateAction': name };
        return [...checks, { action: 'ec2:CreateTags', resource: arnOf(call, tagged), context: creation }];
      },
    },
    validate({ DryRun }: Input & AnyInput) {
      if (DryRun === true) throw faults.dryRun();
    },
    async handle(call, input) {
      await ensureHome(call.plane, homeOf(call));
      return handle(call, input);
    },
  };
}

/** ARN and tags of a resource, there or not. `id` may be a bare prefix, or whatever a client has written. */
function checkOn(
  call: Call,
  id: string,
  context: NonNullable<AccessCheck['context']>,
): Pick<AccessCheck, 'resource' | 'context'> {
  const prefix = prefixOf(id);
  if (prefix)
    return { resource: arnOf(call, prefix, id), context: { ...context, ...tagContext(call, prefix, id) } };
  return { resource: Object.hasOwn(nouns, id) ? arnOf(call, id as IdPrefix) : '*', context };
}

function tagContext(call: Call, prefix: IdPrefix, id: string): Record<string, string> {
  const tags = find(call.plane.store, homeOf(call), resourceTable(prefix), id)?.tags ?? {};
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`ec2:ResourceTag/${key}`, value],
    ]),
  );
}

export function homeOf({ account, region }: Call): Home {
  return { account, region };
}
