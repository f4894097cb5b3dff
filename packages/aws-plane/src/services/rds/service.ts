// RDS: its operations. What each does not do stands in the README beside this file.
import type { ServiceDefinition } from '../../operation.ts';
import { createDbInstance } from './instances/create-db-instance.ts';
import { deleteDbInstance } from './instances/delete-db-instance.ts';
import { describeDbInstances } from './instances/describe-db-instances.ts';
import { modifyDbInstance } from './instances/modify-db-instance.ts';
import { rebootDbInstance, startDbInstance, stopDbInstance } from './instances/reboot-db-instance.ts';
import { startRds } from './runtime/rds-context.ts';

export const rds: ServiceDefinition = {
  name: 'rds',
  start: startRds,
  operations: [
    createDbInstance,
    describeDbInstances,
    modifyDbInstance,
    rebootDbInstance,
    stopDbInstance,
    startDbInstance,
    deleteDbInstance,
  ],
};
