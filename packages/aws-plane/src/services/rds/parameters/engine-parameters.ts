// What the server of a database is told of its parameter groups.
import { memoryBytesOf } from '../catalogue/classes.ts';
import type { StoredParameterGroup } from './parameter-group.ts';
import { evaluateFormula } from './formula.ts';

/** Libraries that the servers here have. Others are kept in the group and not loaded: the server would not start. */
const libraries = new Set(['auto_explain', 'pg_prewarm', 'pg_stat_statements']);

export interface ParameterTarget {
  readonly instanceClass: string;
  readonly storageGb: number;
  readonly port: number;
}

/** Name to value, formulas computed. Parameters of RDS itself become those of the server that they stand for. */
export function engineParameters(
  groups: readonly StoredParameterGroup[],
  target: ParameterTarget,
): Readonly<Record<string, string>> {
  const facts = {
    DBInstanceClassMemory: memoryBytesOf(target.instanceClass),
    AllocatedStorage: target.storageGb * 1_073_741_824,
    EndPointPort: target.port,
  };
  const parameters: Record<string, string> = {};
  for (const [name, value] of groups.flatMap((group) => Object.entries(group.values))) {
    if (name === 'rds.logical_replication') {
      if (value === '1') parameters['wal_level'] = 'logical';
    } else if (name === 'shared_preload_libraries') {
      const known = value
        .split(',')
        .map((one) => one.trim())
        .filter((one) => libraries.has(one));
      if (known.length > 0) parameters[name] = known.join(',');
    } else if (name === 'rds.force_ssl' || !name.startsWith('rds.')) {
      parameters[name] = String(evaluateFormula(value, facts) ?? value);
    }
  }
  return parameters;
}
