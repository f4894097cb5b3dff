// Metric filters: the noun, what a transformation may say, and how a filter is shown.
// Wordings: as AWS answered in public issues of Terraform, CDK and CloudFormation.
import type { MetricFilter, MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { type FilterPattern, parseFilterPattern } from '@pergola/log-language';
import { faults } from './faults.ts';

export interface StoredMetricFilter {
  readonly name: string;
  readonly pattern: string;
  readonly transformations: readonly MetricTransformation[];
  readonly createdMs: number;
}

const DIMENSIONS_MAX = 3;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The compiled pattern, or InvalidParameterException as metric filters word it. */
export function compileMetricPattern(text: string): FilterPattern {
  const parsed = parseFilterPattern(text);
  if (parsed.ok) return parsed.value;
  throw faults.invalidPattern(
    parsed.error.message.replace('Invalid filter pattern', 'Invalid metric filter pattern'),
  );
}

/** Throws InvalidParameterException for what does not go with the pattern. */
export function assertTransformation(pattern: string, transformation: MetricTransformation): void {
  const { metricValue = '', dimensions = {}, defaultValue } = transformation;
  const values = Object.values(dimensions);
  if (!NUMBER.test(metricValue) && !isField(pattern, metricValue))
    throw invalid(`'${metricValue}' is neither a number nor a field of the filter pattern`);
  if (values.length === 0) return;
  if (!isStructured(pattern))
    throw faults.invalidParameter('The specified filter pattern does not support dimensions');
  if (defaultValue !== undefined)
    throw invalid('dimensions and default value are mutually exclusive properties');
  if (values.length > DIMENSIONS_MAX) throw invalid(`there are more than ${DIMENSIONS_MAX} dimensions`);
  const wrong = values.find((value) => !isField(pattern, value));
  if (wrong !== undefined) throw invalid(`the dimension '${wrong}' is not a field of the filter pattern`);
}

export function metricFilterShape(group: string, filter: StoredMetricFilter): MetricFilter {
  return {
    filterName: filter.name,
    filterPattern: filter.pattern,
    metricTransformations: [...filter.transformations],
    creationTime: filter.createdMs,
    logGroupName: group,
    applyOnTransformedLogs: false,
  };
}

function invalid(reason: string) {
  return faults.invalidParameter(`Invalid metric transformation: ${reason}`);
}

/** Patterns for JSON and for columns name values; others do not. */
function isStructured(pattern: string): boolean {
  return pattern.startsWith('{') || pattern.startsWith('[');
}

/** `$.name` of a pattern for JSON, `$name` or `$3` of one for columns. */
function isField(pattern: string, value: string): boolean {
  return pattern.startsWith('{')
    ? /^\$[.[]./.test(value)
    : pattern.startsWith('[') && /^\$[\w-]+$/.test(value);
}
