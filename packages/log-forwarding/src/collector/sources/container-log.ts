// A container's log: its records by template where the filters allow it, by object otherwise.
import { applyFilters, type FilterChain } from '../filters/record-filter.ts';
import type { ContainerMetadata } from '../metadata/container-metadata.ts';
import { isVaryingTemplate, namesOf } from '../names/log-names.ts';
import { containerRecord, type RecordContext } from '../records/container-record.ts';
import { placeholders, type RecordTemplate, templateOf } from '../records/record-template.ts';
import type { Pipeline } from '../routing/pipelines.ts';
import type { RouteSource } from '../routing/route.ts';
import { type LogKind, timeOf } from './log-source.ts';

const streams = ['stdout', 'stderr'] as const;

/** What is known of the log of `metadata`'s container. */
export function containerLog(metadata: ContainerMetadata, records: RecordContext): LogKind {
  return {
    origin: { kind: 'container', container: metadata },
    volume: metadata.namespace,
    findsLevel: true,
    prunableBytes: prunableBytes(metadata, records),
    routeSource: (pipeline) => routeSource(pipeline, metadata, records),
  };
}

function routeSource(pipeline: Pipeline, metadata: ContainerMetadata, records: RecordContext): RouteSource {
  const { chain, outputs } = pipeline;
  const hasVaryingNames = outputs.some(({ config }) => isVaryingTemplate(config.names, chain.isStatic));
  const origin = { kind: 'container', container: metadata } as const;
  const fixed = constantRecord(metadata, records, 'stdout');
  applyFilters(chain, fixed);
  return {
    canJoin: true,
    hasVaryingNames,
    ...(chain.isStatic && !hasVaryingNames ? { templates: templates(chain, metadata, records) } : {}),
    names: ({ config }, record) =>
      namesOf(config.names, origin, { hostname: records.hostname, record: record ?? fixed }),
    record: (entry) =>
      containerRecord(records, metadata, {
        time: timeOf(entry),
        level: entry.level,
        message: entry.line.bytes.toString('utf8', entry.line.start, entry.line.end),
        sequence: placeholders.sequence,
        stream: streams[entry.line.stream],
      }),
  };
}

function templates(
  chain: FilterChain,
  metadata: ContainerMetadata,
  records: RecordContext,
): [RecordTemplate | 'drop', RecordTemplate | 'drop'] {
  const template = (stream: 'stdout' | 'stderr') => {
    const record = constantRecord(metadata, records, stream);
    return applyFilters(chain, record) ? templateOf(record) : 'drop';
  };
  return [template('stdout'), template('stderr')];
}

function constantRecord(metadata: ContainerMetadata, records: RecordContext, stream: 'stdout' | 'stderr') {
  return containerRecord(records, metadata, { ...placeholders, stream });
}

/** What annotations and labels take in each record. */
function prunableBytes(metadata: ContainerMetadata, records: RecordContext): number {
  const whole = JSON.stringify(constantRecord(metadata, records, 'stdout'));
  const { pod, namespaceLabels: _, ...rest } = metadata;
  const bare = { ...rest, pod: pod && { ip: pod.ip, owner: pod.owner, labels: {}, annotations: {} } };
  const { kubernetes, ...record } = constantRecord(bare, records, 'stdout');
  const { labels: _labels, annotations: _annotations, ...pruned } = kubernetes as Record<string, unknown>;
  return Buffer.byteLength(whole) - Buffer.byteLength(JSON.stringify({ ...record, kubernetes: pruned }));
}
