// IAM database authentication: whether a login token is a valid signature of someone who may `rds-db:connect`.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
import type { DatabaseEngine, TokenCheck } from '@pergola/engines';
import type { Home } from '../state.ts';
import type { Database } from '../runtime/databases.ts';
import type { EngineDesk } from '../runtime/engine-desk.ts';

/** Lets users with `rds_iam` in by token, or no longer, as the database's settings say. */
export async function applyTokenCheck(
  desk: EngineDesk,
  home: Home,
  database: Database,
  engine: DatabaseEngine,
): Promise<void> {
  if (!database.settings.iamAuth) return;
  await engine.setTokenCheck(tokenCheckOf(desk, home, database.resourceId));
}

/** The check of one database: `arn:aws:rds-db:REGION:ACCOUNT:dbuser:RESOURCE/USER`. */
export function tokenCheckOf(desk: EngineDesk, { account, region }: Home, resourceId: string): TokenCheck {
  return ({ user, token }) => {
    // Its endpoint may be another one by now.
    const place = desk.engine(resourceId)?.place;
    return desk.plane.ports.authorizeToken({
      service: 'rds-db',
      token,
      host: place && `${place.host}:${place.port}`,
      parameters: { Action: 'connect', DBUser: user },
      action: 'rds-db:connect',
      resource: `arn:aws:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`,
      account,
      region,
    });
  };
}
