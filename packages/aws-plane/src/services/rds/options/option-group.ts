// Option groups as they are kept and shown. The engines that run here have no options to put into them.
import type { OptionGroup } from '@aws-sdk/client-rds';
import { arnOf } from '../arn.ts';
import type { Home, StoredResource } from '../state.ts';

export interface StoredOptionGroup extends StoredResource {
  readonly description: string;
  readonly engine: string;
  readonly major: string;
}

export function optionGroupShape(home: Home, group: StoredOptionGroup): OptionGroup {
  return {
    OptionGroupName: group.name,
    OptionGroupDescription: group.description,
    EngineName: group.engine,
    MajorEngineVersion: group.major,
    Options: [],
    AllowsVpcAndNonVpcInstanceMemberships: true,
    OptionGroupArn: arnOf(home, 'og', group.name),
  };
}
