// From a web identity token to a verified caller: provider, keys, signature, times, audience, in AWS's order and words.
import {
  audiencesOf,
  decodeToken,
  type KeyCache,
  type TokenClaims,
  type TokenFailure,
  verifyToken,
} from '@pergola/oidc';
import { isRecord } from '@pergola/kernel';
import type { Call } from '../../call.ts';
import type { AwsFault } from '../../fault.ts';
import type { OidcProviderRecord } from '../../ports.ts';
import type { Principal, WebIdentity } from '../../principal.ts';
import { faults } from './faults.ts';

const TAGS_CLAIM = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity';

/** Verifies `token` for a role of `account`. Throws the fault that AWS would answer; records every check. */
export async function identifyWebIdentity(
  token: string,
  account: string,
  context: { readonly call: Call; readonly keys: KeyCache },
): Promise<Principal> {
  const { call, keys } = context;
  const decoded = decodeToken(token);
  const claims = decoded.ok ? decoded.value.claims : {};
  const provider = decoded.ok ? providerOf(claims, account, call) : undefined;
  const verdict = await verifyToken(token, {
    nowMs: call.nowMs,
    keys: (issuer, kid) => keys.lookup(issuer, kid),
    decoded,
    // Where a token names its authorized party, that is the audience that AWS looks at.
    audiences: claims.azp === undefined ? (provider?.clientIds ?? []) : undefined,
  });
  for (const step of verdict.steps) call.record(step);
  if (verdict.failure) throw faultOf(verdict.failure, call.nowMs);
  if (!provider || !verdict.claims) throw faults.notAJwt();
  const audience = audienceOf(verdict.claims, provider, call);
  return {
    facts: { kind: 'web-identity', account, providerArn: provider.arn },
    webIdentity: webIdentityOf(verdict.claims, provider, audience),
  };
}

/** The provider registered for the token's issuer in the role's account. */
function providerOf(claims: TokenClaims, account: string, call: Call): OidcProviderRecord | undefined {
  // A token without an issuer fails in the verification, which names the missing claim.
  if (claims.iss === undefined) return undefined;
  const issuer = claims.iss;
  const url = issuer.startsWith('https://') ? issuer.slice('https://'.length) : undefined;
  const provider = url === undefined ? undefined : call.plane.ports.identities.findOidcProvider(account, url);
  if (provider) {
    call.record({
      check: 'oidc.provider',
      outcome: 'passed',
      because: `the issuer ${issuer} is registered in the account ${account}`,
      link: 'T2',
    });
    return provider;
  }
  call.record({
    check: 'oidc.provider',
    outcome: 'failed',
    because: `the account ${account} of the role has no OpenID Connect provider for the issuer ${issuer}`,
    evidence: { issuer, account },
    fix: `aws iam create-open-id-connect-provider --url ${issuer} --client-id-list ${audiencesOf(claims)[0] ?? 'sts.amazonaws.com'}`,
    link: 'T1',
  });
  throw faults.noProvider(issuer);
}

function faultOf(failure: TokenFailure, nowMs: number): AwsFault {
  switch (failure.reason) {
    case 'malformed':
    case 'unsupported-algorithm':
      return faults.notAJwt();
    case 'missing-claim':
      return faults.missingClaim(failure.claim);
    case 'no-key':
      return failure.failure.reason === 'unreachable'
        ? faults.providerUnreachable()
        : faults.noVerificationKey();
    case 'expired':
      return faults.tokenExpired(Math.floor(nowMs / 1000), failure.expiresAt);
    case 'wrong-audience':
      return faults.wrongAudience();
    case 'wrong-issuer':
    case 'not-yet-valid':
    case 'bad-signature':
      return faults.tokenNotValidated();
  }
}

/** The audience that policies see. For tokens with an authorized party it is checked here. */
function audienceOf(claims: TokenClaims, provider: OidcProviderRecord, call: Call): string {
  const { azp } = claims;
  if (azp === undefined) return audiencesOf(claims).find((each) => provider.clientIds.includes(each)) ?? '';
  const known = provider.clientIds.includes(azp);
  call.record({
    check: 'oidc.audience',
    outcome: known ? 'passed' : 'failed',
    because: `the authorized party ${azp} is ${known ? '' : 'not '}a client id of the provider`,
    evidence: { actual: azp, wanted: provider.clientIds },
    link: 'T3',
  });
  if (!known) throw faults.wrongAudience();
  return azp;
}

function webIdentityOf(claims: TokenClaims, provider: OidcProviderRecord, audience: string): WebIdentity {
  const issuer = provider.url;
  const subject = claims.sub ?? '';
  const context: Record<string, string> = { [`${issuer}:sub`]: subject, [`${issuer}:aud`]: audience };
  if (claims.azp !== undefined) context[`${issuer}:oaud`] = audiencesOf(claims)[0] ?? '';
  if (typeof claims['email'] === 'string') context[`${issuer}:email`] = claims['email'];
  const sourceIdentity = claims[SOURCE_IDENTITY_CLAIM];
  return {
    issuer,
    providerArn: provider.arn,
    subject,
    audience,
    context,
    ...tagsOf(claims[TAGS_CLAIM]),
    sourceIdentity: typeof sourceIdentity === 'string' ? sourceIdentity : undefined,
  };
}

/** The claim `{principal_tags: {key: [value]}, transitive_tag_keys: [key]}`. */
function tagsOf(claim: unknown): Pick<WebIdentity, 'tags' | 'transitiveTagKeys'> {
  if (!isRecord(claim)) return { tags: {}, transitiveTagKeys: [] };
  const { principal_tags: given, transitive_tag_keys: keys } = claim;
  const tags: Record<string, string> = {};
  for (const [key, values] of Object.entries(isRecord(given) ? given : {})) {
    const value: unknown = Array.isArray(values) ? values[0] : values;
    if (typeof value === 'string') tags[key] = value;
  }
  const transitiveTagKeys = Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  return { tags, transitiveTagKeys };
}
