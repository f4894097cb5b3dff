// The seed's section 2.4 as steps, in order: a pod reaches S3 with its own role, and nobody else does.
import type { WalkthroughStep } from '../step.ts';
import { proveBucketMade, proveRolesMade } from './account-side.ts';
import { proveDeploymentsReady, provePodMutated, proveServiceAccountsMade } from './cluster-side.ts';
import {
  proveCallerIdentity,
  proveObjectWritten,
  proveReaderCannotWrite,
  proveStrangerRefused,
  proveTamperedRefused,
  proveTokenProjected,
} from './in-the-pod.ts';
import { proveIssuerPublished, proveProviderRegistered } from './issuer.ts';
import type { Scene } from './scene.ts';

export const s3FromAPod: readonly WalkthroughStep<Scene>[] = [
  { title: "the cluster's issuer is published in S3", prove: proveIssuerPublished },
  { title: 'IAM knows the issuer as an identity provider', prove: proveProviderRegistered },
  { title: 'roles trust one ServiceAccount each', prove: proveRolesMade },
  { title: 'ServiceAccounts carry the role annotation', prove: proveServiceAccountsMade },
  { title: 'a bucket', prove: proveBucketMade },
  { title: 'Deployments run', prove: proveDeploymentsReady },
  { title: 'the pod was mutated at admission', prove: provePodMutated },
  { title: 'the pod holds a token that the cluster signed', prove: proveTokenProjected },
  { title: 'STS verified the token and gave the pod its role', prove: proveCallerIdentity },
  { title: 'the pod wrote an object, read back from outside', prove: proveObjectWritten },
  { title: 'must fail: a pod with another ServiceAccount', prove: proveStrangerRefused },
  { title: "must fail: a call that the role's policy does not allow", prove: proveReaderCannotWrite },
  { title: 'must fail: a token with a broken signature', prove: proveTamperedRefused },
];
