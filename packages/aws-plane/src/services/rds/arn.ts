// ARNs of RDS.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html
import { faults } from './faults.ts';
import type { Home } from './state.ts';

/** The word in an ARN that says what it names. */
export type ArnType =
  | 'db'
  | 'cluster'
  | 'og'
  | 'pg'
  | 'cluster-endpoint'
  | 'cluster-pg'
  | 'subgrp'
  | 'snapshot'
  | 'cluster-snapshot'
  | 'es'
  | 'db-proxy'
  | 'target-group'
  | 'global-cluster';

/** `arn:aws:rds:REGION:ACCOUNT:TYPE:NAME`; global clusters have no region. */
export function arnOf({ account, region }: Home, type: ArnType, name: string): string {
  return `arn:aws:rds:${type === 'global-cluster' ? '' : region}:${account}:${type}:${name}`;
}

export interface ParsedArn extends Home {
  readonly type: string;
  readonly name: string;
}

const ARN = /^arn:aws[a-z-]*:rds:([a-z0-9-]*):(\d{12}):([a-z-]+):(.+)$/;

/** The parts of an ARN of RDS; undefined for any other text. */
export function parseArn(text: string): ParsedArn | undefined {
  const [, region, account, type, name] = ARN.exec(text) ?? [];
  if (region === undefined || account === undefined || type === undefined || name === undefined)
    return undefined;
  return { region, account, type, name };
}

/**
 * The name in `text`, which is one or an ARN of this type in this home. RDS takes ARNs in most places that take
 * identifiers.
 */
export function nameIn(text: string, type: ArnType, home: Home): string {
  if (!text.startsWith('arn:')) return text;
  const parsed = parseArn(text);
  if (parsed?.type !== type) throw faults.invalidValue(`Invalid resource name: ${text}`);
  const away =
    type !== 'global-cluster' && (parsed.account !== home.account || parsed.region !== home.region);
  if (away) throw faults.notImplemented('Access to resources of other accounts and regions');
  return parsed.name;
}
