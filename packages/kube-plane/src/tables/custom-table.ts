// Rows of custom resources: the printer columns of their CRD.
import type { KubeObject } from '../object.ts';
import type { Cell, Column, KindTable } from './column.ts';
import { humanAge } from './human-duration.ts';
import { parseJsonPath } from './json-path.ts';

/** One entry of `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** What a CRD without columns gets. */
const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
};

/** Name first, then the given columns; Age when there are none. */
export function customTable(columns: readonly PrinterColumn[]): KindTable {
  const shown = columns.length === 0 ? [ageColumn] : columns;
  const readers = shown.map((column) => {
    const path = parseJsonPath(column.jsonPath);
    return (object: KubeObject, nowMs: number): Cell => {
      const [value] = path.ok ? path.value(object) : [];
      return value === undefined || value === null ? null : cellOf(column.type, value, nowMs);
    };
  });
  return {
    columns: [nameColumn, ...shown.map(columnOf)],
    cells: (object, nowMs) => [object.metadata.name, ...readers.map((read) => read(object, nowMs))],
  };
}

function columnOf({ name, type, format, description, priority }: PrinterColumn): Column {
  return {
    name,
    type: type as Column['type'],
    format: format ?? '',
    description: description ?? '',
    priority: priority ?? 0,
  };
}

function cellOf(type: string, value: unknown, nowMs: number): Cell {
  switch (type) {
    case 'integer':
      return numberOf(value, true);
    case 'number':
      return numberOf(value, false);
    case 'boolean':
      return booleanOf(value);
    case 'date':
      return typeof value === 'string' ? humanAge(value, nowMs) : null;
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

function numberOf(value: unknown, whole: boolean): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return null;
  return whole ? Math.trunc(number) : number;
}

function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : null;
}
