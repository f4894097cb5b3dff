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
      const sourceIdentity = sourceIdentityOf(input, call);
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
  // What a session passes on by itself, the role must let it pass on, as if it had been asked for.
  const inherited = inheritedTags(call);
  const tags = { ...requestedTags(input, inherited), ...inherited };
  const sourceIdentity = sourceIdentityOf(input, call);
  const actions = ['sts:AssumeRole'];
  if (Object.keys(tags).length > 0) actions.push('sts:TagSession');
  if (sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  return trustChecks(
    {
      roleArn: input.RoleArn ?? '',
      role: addressOf(input),
      actions,
      context: {
        'sts:RoleSessionName': input.RoleSessionName ?? '',
        ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
        ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
        ...requestTagKeys(tags, [...Object.keys(inherited), ...(input.TransitiveTagKeys ?? [])]),
      },
    },
    call,
  );
}

function requestedTags(input: Input, inherited: Readonly<Record<string, string>>): Record<string, string> {
  const tags = tagsOf(input.Tags ?? []);
  const transitive = input.TransitiveTagKeys ?? [];
  if (transitive.some((key) => !Object.hasOwn(tags, key))) throw faults.unknownTransitiveTag();
  // Keys that differ in case only are one key.
  const fixed = new Set(Object.keys(inherited).map((key) => key.toLowerCase()));
  if (Object.keys(tags).some((key) => fixed.has(key.toLowerCase()))) throw faults.transitiveTagChange();
  return tags;
}

/** Who is behind the session: once told, it stays for the whole chain. */
function sourceIdentityOf(input: Input, { principal }: Call): string | undefined {
  const told = principal.session?.sourceIdentity;
  if (told !== undefined && (input.SourceIdentity ?? told) !== told) throw faults.sourceIdentityChange();
  return input.SourceIdentity ?? told;
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
