// AssumeRoleWithWebIdentity: a role for the holder of an OIDC token.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
} from '@aws-sdk/client-sts';
import { assert } from '@pergola/kernel';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import type { WebIdentity } from '../../principal.ts';
import { faults } from './faults.ts';
import { parseRoleArn, type RoleAddress } from './role-arn.ts';
import {
  assumedRoleUserOf,
  durationOf,
  packedSizeOf,
  sessionPoliciesOf,
  toCredentials,
} from './session-request.ts';
import type { StsContext } from './sts-context.ts';
import { requestTagKeys, trustChecks } from './trust.ts';
import { identifyWebIdentity } from './web-identity.ts';

type Input = AssumeRoleWithWebIdentityRequest;

export const assumeRoleWithWebIdentity = ({ sessions, keys }: StsContext) =>
  defineOperation<Input, AssumeRoleWithWebIdentityResponse>({
    name: 'AssumeRoleWithWebIdentity',
    access: {
      identify(input, call) {
        const { account } = addressOf(input);
        return identifyWebIdentity(input.WebIdentityToken ?? '', account, { call, keys });
      },
      iam(input, call) {
        const identity = identityOf(call);
        const { tags, transitiveTagKeys, sourceIdentity } = identity;
        const actions = ['sts:AssumeRoleWithWebIdentity'];
        if (Object.keys(tags).length > 0) actions.push('sts:TagSession');
        if (sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
        return trustChecks(
          {
            roleArn: input.RoleArn ?? '',
            role: addressOf(input),
            actions,
            context: Object.assign({}, identity.context, {
              'aws:FederatedProvider': identity.providerArn,
              'sts:RoleSessionName': input.RoleSessionName ?? '',
              ...requestTagKeys(tags, transitiveTagKeys),
              ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
            }),
            denial: faults.notAuthorized,
          },
          call,
        );
      },
    },
    handle(call, input) {
      const { account, roleName } = addressOf(input);
      const role = call.plane.ports.identities.findRole(account, roleName);
      // Deleted since the authorize stage looked: the answer is the same as if it had looked later.
      if (!role) throw faults.notAuthorized();
      const identity = identityOf(call);
      const seconds = durationOf(input, { role, chained: false }, call);
      const policies = sessionPoliciesOf(input, call);
      const packedSize = packedSizeOf(policies, identity.tags);
      const sessionName = input.RoleSessionName ?? '';
      const issued = sessions.issue({
        role,
        sessionName,
        session: {
          issuedAtMs: call.nowMs,
          expiresAtMs: call.nowMs + seconds * 1000,
          ...policies,
          tags: identity.tags,
          transitiveTagKeys: identity.transitiveTagKeys,
          sourceIdentity: identity.sourceIdentity,
          federatedProvider: identity.providerArn,
          federatedContext: identity.context,
        },
      });
      return {
        Credentials: toCredentials(issued),
        SubjectFromWebIdentityToken: identity.subject,
        AssumedRoleUser: assumedRoleUserOf(role, sessionName),
        ...(packedSize === undefined ? {} : { PackedPolicySize: packedSize }),
        Provider: identity.providerArn,
        Audience: identity.audience,
        ...(identity.sourceIdentity === undefined ? {} : { SourceIdentity: identity.sourceIdentity }),
      };
    },
  });

function addressOf(input: Input): RoleAddress {
  const address = parseRoleArn(input.RoleArn ?? '');
  if (!address) throw faults.requestArnInvalid();
  return address;
}

function identityOf(call: Call): WebIdentity {
  const { webIdentity } = call.principal;
  assert(webIdentity, 'the authorize stage has called identify');
  return webIdentity;
}
