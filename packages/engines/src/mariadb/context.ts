// What the parts of the MariaDB family share.
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';
import type { Account } from '../process/account.ts';

export interface MariadbContext extends EngineHostOptions {
  /** Where this family keeps everything. */
  readonly folder: string;
  /** The servers' user; undefined when they run as we do. */
  readonly account: Account | undefined;
  /** The password of `rdsadmin`, which never leaves this process. */
  readonly administratorPassword: string;
  readonly places: Places;
}
