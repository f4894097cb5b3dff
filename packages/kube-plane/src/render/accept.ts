// Content negotiation: what the client accepts, in its order, as far as we can serve it.
import { faults } from '../faults.ts';

/** The shape and the encoding of an answer. */
export interface Negotiated {
  readonly format: 'json' | 'yaml';
  /** `object` as stored; the others are the transformations of meta.k8s.io/v1. */
  readonly shape: 'object' | 'table' | 'metadata';
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const SERVED = ['application/json', 'application/yaml'];

/** Media ranges of an Accept header, highest quality first, otherwise in the order given. */
export function parseAccept(header: string | undefined): MediaRange[] {
  if (header === undefined || header.trim() === '') return [{ type: '*/*', parameters: new Map() }];
  const ranges = header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const pairs = parameters.map((piece): [string, string] => {
      const equals = piece.indexOf('=');
      return equals < 0 ? [piece, ''] : [piece.slice(0, equals), piece.slice(equals + 1)];
    });
    return { type: type.toLowerCase(), parameters: new Map(pairs) };
  });
  const quality = (range: MediaRange) => Number(range.parameters.get('q') ?? 1);
  return ranges.filter((range) => quality(range) > 0).sort((left, right) => quality(right) - quality(left));
}

/** Throws the 406 Status when nothing that the client accepts can be served. */
export function negotiate(header: string | undefined): Negotiated {
  for (const range of parseAccept(header)) {
    const format = formatOf(range.type);
    const shape = shapeOf(range.parameters);
    if (format && shape) return { format, shape };
  }
  throw faults.notAcceptable(SERVED);
}

function formatOf(type: string): Negotiated['format'] | undefined {
  switch (type) {
    case 'application/json':
    case 'application/*':
    case '*/*':
      return 'json';
    case 'application/yaml':
      return 'yaml';
    default:
      return undefined;
  }
}

function shapeOf(parameters: ReadonlyMap<string, string>): Negotiated['shape'] | undefined {
  const as = parameters.get('as');
  if (as === undefined) return 'object';
  if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') return undefined;
  if (as === 'Table') return 'table';
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? 'metadata' : undefined;
}
