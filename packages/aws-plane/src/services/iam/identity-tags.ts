// Tags of roles and users: the same three operations on each kind.
import type {
  ListRoleTagsRequest,
  ListRoleTagsResponse,
  TagRoleRequest,
  UntagRoleRequest,
} from '@aws-sdk/client-iam';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { changeIdentity, type IdentityKind, type IdentityName, named, onIdentity } from './identities.ts';
import { pageOf } from './paging.ts';
import type { StoredActor } from './state.ts';
import { requestTagContext, tagListOf, withoutTags, withTags } from './tags.ts';

type TagInput = IdentityName & Omit<TagRoleRequest, 'RoleName'>;
type UntagInput = IdentityName & Omit<UntagRoleRequest, 'RoleName'>;
type ListInput = IdentityName & Omit<ListRoleTagsRequest, 'RoleName'>;

/** TagRole, UntagRole and ListRoleTags, and the same for users. */
export function identityTagOperations<Stored extends StoredActor>(
  kind: IdentityKind<Stored>,
): AnyOperation[] {
  const { word } = kind;
  return [
    defineOperation<TagInput, object>({
      name: `Tag${word}`,
      access: onIdentity(kind, `iam:Tag${word}`, ({ Tags }: TagInput) => requestTagContext(Tags)),
      async handle(call, input) {
        await changeIdentity(call, kind, input, (identity) => ({
          ...identity,
          tags: withTags(identity.tags, input.Tags),
        }));
        return {};
      },
    }),
    defineOperation<UntagInput, object>({
      name: `Untag${word}`,
      access: onIdentity(kind, `iam:Untag${word}`, ({ TagKeys }: UntagInput) =>
        requestTagContext([], TagKeys),
      ),
      async handle(call, input) {
        await changeIdentity(call, kind, input, (identity) => ({
          ...identity,
          tags: withoutTags(identity.tags, input.TagKeys),
        }));
        return {};
      },
    }),
    defineOperation<ListInput, ListRoleTagsResponse>({
      name: `List${word}Tags`,
      access: onIdentity(kind, `iam:List${word}Tags`),
      handle({ plane, account }, input) {
        const tags = tagListOf(named(plane.store, account, kind, input).tags);
        const { items, ...page } = pageOf(tags, ({ Key = '' }) => Key, input);
        return { Tags: items, ...page };
      },
    }),
  ];
}
