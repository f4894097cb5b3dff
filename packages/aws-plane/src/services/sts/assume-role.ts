// AssumeRole: a role for a user or for another role's session.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import { parseRoleArn, type RoleAddress } from './role-arn.ts';
import {
  assumedRoleUserOf,
  durationOf,
  packedSizeOf,
  sessionPoliciesOf,
  tagsOf,
  toCredentials,
} from './session-request.ts';
import type { StsContext } from './sts-context.ts';
import { requestTagKeys, trustChecks } from './trust.ts';

type Input = AssumeRoleRequest;

export const assumeRole = ({ sessions }: StsContext) =>
  defineOperation<Input, AssumeRoleResponse>({
    name: 'AssumeRole',
    access: { iam: checksOf },
    handle(call, input) {
      const { account, roleName } = addressOf(input);
      const role = call.plane.ports.identities.findRole(account, roleName);
      if (!role) throw faults.arnInvalid(input.RoleArn ?? '');
      const inherited = inheritedTags(call);
      const asked = tagsOf(input.Tags ?? []);
      const chained = call.principal.facts.kind === 'role-session';
      const seconds = durationOf(input, { role, chained }, call);
      const policies = sessionPoliciesOf(input, call);
      const packedSize = packedSizeOf(policies, asked);
      const sessionName = input.RoleSessionName ?? '';
      const sourceIdentity = input.SourceIdentity ?? call.principal.session?.sourceIdentity;
      const issued = sessions.issue({
        role,
        sessionName,
        session: {
          issuedAtMs: call.nowMs,
          expiresAtMs: call.nowMs + seconds * 1000,
          ...policies,
          tags: { ...asked, ...inherited },
          transitiveTagKeys: [...Object.keys(inherited), ...(input.TransitiveTagKeys ?? [])],
          sourceIdentity,
        },
      });
      return {
        Credentials: toCredentials(issued),
        AssumedRoleUser: assumedRoleUserOf(role, sessionName),
        ...(packedSize === undefined ? {} : { PackedPolicySize: packedSize }),
        ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
      };
    },
  });

function checksOf(input: Input, call: Call): AccessCheck[] {
  if (call.principal.facts.kind === 'root') throw faults.rootMayNotAssume();
  // No MFA device can be registered here, so no code can be right.
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) throw faults.wrongMfa();
  const tags = requestedTags(input, call);
  const actions = ['sts:AssumeRole'];
  if (Object.keys(tags).length > 0) actions.push('sts:TagSession');
  if (input.SourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  return trustChecks(
    {
      roleArn: input.RoleArn ?? '',
      role: addressOf(input),
      actions,
      context: {
        'sts:RoleSessionName': input.RoleSessionName ?? '',
        ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
        ...(input.SourceIdentity === undefined ? {} : { 'sts:SourceIdentity': input.SourceIdentity }),
        ...requestTagKeys(tags, input.TransitiveTagKeys ?? []),
      },
    },
    call,
  );
}

function requestedTags(input: Input, call: Call): Record<string, string> {
  const tags = tagsOf(input.Tags ?? []);
  const transitive = input.TransitiveTagKeys ?? [];
  if (transitive.some((key) => !Object.hasOwn(tags, key))) throw faults.unknownTransitiveTag();
  const inherited = inheritedTags(call);
  if (Object.keys(tags).some((key) => Object.hasOwn(inherited, key))) throw faults.transitiveTagChange();
  return tags;
}

/** Transitive tags of the calling session: they pass on by themselves and cannot be changed. */
function inheritedTags({ principal }: Call): Record<string, string> {
  const { tags = {}, transitiveTagKeys = [] } = principal.session ?? {};
  return Object.fromEntries(transitiveTagKeys.map((key) => [key, tags[key] ?? '']));
}

function addressOf(input: Input): RoleAddress {
  const address = parseRoleArn(input.RoleArn ?? '');
  if (!address) throw faults.arnInvalid(input.RoleArn ?? '');
  return address;
}
