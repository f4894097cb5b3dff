// The kinds of DynamoDB.
import type { KindDescription } from '../../kind/description.ts';
import { backup } from './backup.ts';
import { globalTable } from './global-table.ts';
import { table } from './table.ts';

export const dynamodbKinds: readonly KindDescription[] = [backup, globalTable, table];
