// Scan: all items of a table or index, or of one segment of it, in the order of their partitions' hashes.
import { checkParameterStyles, type ParameterStyles } from '@pergola/item-language';
import { onItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { placeholdersOf, projectionOf } from '../items/bound-input.ts';
import { defineItemOperation, type ScanInput } from '../items/item-input.ts';
import { assertScalarKeys } from '../items/item-key.ts';
import { dataTable } from '../items/item-write.ts';
import { after, behind } from '../storage/layout.ts';
import type { Bounds } from './key-bounds.ts';
import { readPage } from './page.ts';
import { filterOf, readAnswer } from './read-answer.ts';
import { assertSelect, selectionOf } from './selection.ts';
import { type Source, sourceOf, startKeyOf } from './source.ts';

const STYLES: ParameterStyles = {
  expressions: ['ProjectionExpression', 'FilterExpression'],
  legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
};

export const scan = defineItemOperation<ScanInput>({
  name: 'Scan',
  access: onItems('Scan'),
  handle(call, input) {
    const { plane } = call;
    checkParameterStyles(input, STYLES);
    assertSelect(input, 'Scanning');
    assertSegment(input);
    const placeholders = placeholdersOf(input);
    const filter = filterOf(plane, input, { placeholders, legacy: input.ScanFilter });
    const projection = projectionOf(plane, input, placeholders);
    placeholders.checkAllUsed();
    const table = dataTable(plane, tableNameOf(call, input.TableName));
    const source = sourceOf(table, input.IndexName, input.ConsistentRead);
    assertScalarKeys(source, [...(filter?.paths ?? []), ...(projection?.paths ?? [])]);
    const page = readPage(dynamoOf(plane).bytes, {
      source,
      ...boundsOf(source, input),
      reverse: false,
      limit: input.Limit ?? Number.POSITIVE_INFINITY,
      filter,
      ...selectionOf(source, input, projection),
      consistent: input.ConsistentRead === true,
    });
    return readAnswer(source, input, page);
  },
});

function assertSegment({ Segment: segment, TotalSegments: total }: ScanInput): void {
  if (segment === undefined && total === undefined) return;
  if (total === undefined)
    throw faults.validation(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  if (segment === undefined)
    throw faults.validation(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  if (segment >= total)
    throw faults.validation(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
}

const HASHES = 2 ** 32;

function boundsOf(source: Source, input: ScanInput): Bounds {
  const { Segment: segment = 0, TotalSegments: total = 1, ExclusiveStartKey: start } = input;
  const { prefix } = source;
  const at = (part: number) => {
    if (part === total) return behind(prefix);
    const hash = Buffer.alloc(4);
    hash.writeUInt32BE(Math.floor((HASHES / total) * part));
    return Buffer.concat([prefix, hash]);
  };
  const bounds = { from: at(segment), to: at(segment + 1) };
  if (!start) return bounds;
  const key = startKeyOf(source, start);
  if (key.compare(bounds.from) < 0 || key.compare(bounds.to) >= 0)
    throw faults.validation(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${total} Segment: ${segment}`,
    );
  return { from: after(key), to: bounds.to };
}
