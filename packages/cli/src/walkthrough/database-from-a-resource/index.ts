// The seed's section 2.3 as steps, in order: a database and other resources of AWS from custom resources.
import type { WalkthroughStep } from '../step.ts';
import { provePodUsesIt, proveExport } from './application.ts';
import { proveControllerRole } from './account-side.ts';
import { proveDatabase, proveSql } from './database.ts';
import { proveDatabaseDeleted, proveDatabaseKept } from './deletion.ts';
import { proveDrift } from './drift.ts';
import { proveControllerInstalled } from './operator.ts';
import { proveOtherKinds } from './other-kinds.ts';
import { provePermissionGiven, provePermissionNeeded } from './refusals.ts';
import { proveRotation } from './rotation.ts';
import type { DatabaseScene } from './scene.ts';

export const databaseFromAResource: readonly WalkthroughStep<DatabaseScene>[] = [
  { title: "a role that trusts the controller's ServiceAccount", prove: proveControllerRole },
  { title: 'one controller for six services is installed from its catalog', prove: proveControllerInstalled },
  { title: 'a Secret and a DBInstance become a real PostgreSQL', prove: proveDatabase },
  { title: 'it answers SQL, with the password of the Secret and no other', prove: proveSql },
  { title: 'its endpoint goes into a ConfigMap', prove: proveExport },
  { title: 'a pod uses it', prove: provePodUsesIt },
  { title: 'a changed Secret changes the password', prove: proveRotation },
  { title: 'a change behind its back is found and mended', prove: proveDrift },
  { title: 'must fail: a change that the role may not make', prove: provePermissionNeeded },
  { title: 'with the permission it is made', prove: provePermissionGiven },
  { title: 'a bucket, a table, a cache, a role and a log group', prove: proveOtherKinds },
  { title: 'a deleted resource leaves its database, by default', prove: proveDatabaseKept },
  { title: 'adopted again and deleted by policy, the database goes', prove: proveDatabaseDeleted },
];
