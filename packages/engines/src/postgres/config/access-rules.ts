// pg_hba.conf: who may log in by which way.
import { identifier } from '../server/sql.ts';
import { administrator } from '../roles/template-roles.ts';

export interface AccessRules {
  readonly masterUser: string;
  /** `rds.force_ssl`. */
  readonly tlsOnly: boolean;
  /** A proxy of ours stands in front: it has ended TLS, and lets members of rds_iam in by the socket. */
  readonly behindProxy: boolean;
}

/**
 * The socket lies in a folder that only we and the server itself can enter. Over it we administer, with a password, and
 * bring those who have shown a token. A statement cannot use it as another user: dblink and postgres_fdw refuse
 * connections without a password to all but superusers.
 */
export function accessRules({ masterUser, tlsOnly, behindProxy }: AccessRules): string {
  const remote = tlsOnly && !behindProxy ? 'hostssl' : 'host';
  const lines = [
    ['local', 'all', administrator, 'scram-sha-256'],
    ['local', 'all', '+rds_iam', 'trust'],
    ['local', 'all', 'all', 'reject'],
    ['host', 'all', administrator, 'all', 'reject'],
    ['host', 'rdsadmin', 'all', 'all', 'reject'],
    // The master user may grant rds_iam, which looks like membership here, see master-user.ts.
    [remote, 'all', identifier(masterUser), 'all', 'scram-sha-256'],
    ['host', 'all', '+rds_iam', 'all', 'reject'],
    [remote, 'all', 'all', 'all', 'scram-sha-256'],
    [remote, 'replication', 'all', 'all', 'scram-sha-256'],
  ];
  return `${lines.map((words) => words.join('\t')).join('\n')}\n`;
}
