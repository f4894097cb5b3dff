// Watch events as lines: whole objects, metadata only, or Tables whose columns come with the first event.
import type { ResourceDefinition } from '../contract.ts';
import { apiVersionOf } from '../object.ts';
import type { Negotiated } from '../render/accept.ts';
import { partialMetadata, type TableOptions } from '../render/object-answer.ts';
import { tableFor } from '../tables/table.ts';
import type { WatchEvent } from './event-source.ts';

export interface EventWriter {
  event(event: WatchEvent): string;
  /** A BOOKMARK at `revision`; annotated when it ends the initial events. */
  bookmark(revision: number, endsInitialEvents: boolean): string;
}

const META_V1 = 'meta.k8s.io/v1';
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export function eventWriter(
  definition: ResourceDefinition,
  shape: Negotiated['shape'],
  options: TableOptions,
): EventWriter {
  const bookmarkMeta = (revision: number, ends: boolean) => ({
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(ends ? { annotations: { [INITIAL_EVENTS_END]: 'true' } } : {}),
  });
  const line = (type: string, objectText: string) => `{"type":"${type}","object":${objectText}}\n`;
  const named = { kind: definition.kind, apiVersion: apiVersionOf(definition) };
  switch (shape) {
    case 'object':
      return {
        event: (event) => line(event.type, event.text()),
        bookmark: (revision, ends) =>
          line('BOOKMARK', JSON.stringify({ ...named, metadata: bookmarkMeta(revision, ends) })),
      };
    case 'metadata':
      return {
        event: (event) => line(event.type, JSON.stringify(partialMetadata(event.object()))),
        bookmark: (revision, ends) => {
          const metadata = bookmarkMeta(revision, ends);
          return line(
            'BOOKMARK',
            JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: META_V1, metadata }),
          );
        },
      };
    case 'table':
      return tableWriter(definition, options, { line, bookmarkMeta });
  }
}

function tableWriter(
  definition: ResourceDefinition,
  options: TableOptions,
  parts: {
    readonly line: (type: string, text: string) => string;
    readonly bookmarkMeta: (revision: number, ends: boolean) => Record<string, unknown>;
  },
): EventWriter {
  let first = true;
  const withColumnsOnce = (table: object) => {
    const shown = first ? table : { ...table, columnDefinitions: null };
    first = false;
    return JSON.stringify(shown);
  };
  return {
    event(event) {
      const object = event.object();
      const table = tableFor(definition, [object], options);
      const { resourceVersion } = object.metadata;
      return parts.line(event.type, withColumnsOnce({ ...table, metadata: { resourceVersion } }));
    },
    bookmark(revision, ends) {
      const metadata = parts.bookmarkMeta(revision, ends);
      const empty = tableFor(definition, [], options);
      const object = { kind: 'PartialObjectMetadata', apiVersion: META_V1, metadata };
      const rows = [{ cells: [], object }];
      return parts.line('BOOKMARK', withColumnsOnce({ ...empty, metadata, rows }));
    },
  };
}
