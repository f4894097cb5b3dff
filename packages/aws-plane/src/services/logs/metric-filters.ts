// PutMetricFilter, DescribeMetricFilters and DeleteMetricFilter.
import type {
  DeleteMetricFilterRequest,
  DescribeMetricFiltersRequest,
  DescribeMetricFiltersResponse,
  PutMetricFilterRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { checkOnGroup, onGroup } from './access.ts';
import { faults } from './faults.ts';
import { assertFewRegexes, assertServed } from './filter-limits.ts';
import { groupAt, groupOf, homeOf, nameOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import {
  assertTransformation,
  compileMetricPattern,
  metricFilterShape,
  type StoredMetricFilter,
} from './metric-filter.ts';
import { pageByKey } from './paging.ts';
import { childrenOf, deleteChild, findChild, groupsOf, type LogGroup, putChild } from './state.ts';

const FILTERS_MAX = 100;
const PAGE_FILTERS = 50;

export const putMetricFilter = defineOperation<PutMetricFilterRequest, object>({
  name: 'PutMetricFilter',
  access: onGroup('logs:PutMetricFilter'),
  validate(input) {
    const { filterPattern = '', metricTransformations = [] } = input;
    assertServed(input);
    compileMetricPattern(filterPattern);
    for (const transformation of metricTransformations) assertTransformation(filterPattern, transformation);
  },
  async handle(call, input) {
    const at = nameOf(call, { logGroupName: input.logGroupName });
    const { filterName: name = '', filterPattern: pattern = '', metricTransformations = [] } = input;
    await call.plane.store.transact((tx) => {
      const group = groupAt(tx, at);
      if (group.class !== 'STANDARD') throw faults.classRefuses('metric filters', group.class);
      const known = findChild<StoredMetricFilter>(tx, group, 'metric-filter', name);
      const others = childrenOf(tx, group, 'metric-filter', { limit: FILTERS_MAX }).length;
      if (!known && others >= FILTERS_MAX) throw faults.resourceLimit();
      assertFewRegexes(tx, group, { kind: 'metric-filter', name, pattern });
      const createdMs = known?.createdMs ?? call.nowMs;
      putChild<StoredMetricFilter>(tx, group, 'metric-filter', {
        name,
        pattern,
        transformations: metricTransformations,
        createdMs,
      });
    });
    return {};
  },
});

export const describeMetricFilters = defineOperation<
  DescribeMetricFiltersRequest,
  DescribeMetricFiltersResponse
>({
  name: 'DescribeMetricFilters',
  access: {
    iam: (input, call) => {
      const at = input.logGroupName === undefined ? { ...homeOf(call), name: '' } : nameOf(call, input);
      return [checkOnGroup(call, 'logs:DescribeMetricFilters', at)];
    },
  },
  validate({ metricName, metricNamespace }) {
    if ((metricName === undefined) !== (metricNamespace === undefined))
      throw faults.invalidParameter('metricName and metricNamespace must be specified together.');
  },
  handle(call, input) {
    const { filterNamePrefix: prefix = '', logGroupName = '', limit = PAGE_FILTERS } = input;
    const all = groupsIn(call, input)
      .flatMap((group) => filtersOf(call, group, prefix))
      .filter(({ filter }) => measures(filter, input));
    const scope = ['DescribeMetricFilters', call.account, call.region, logGroupName, prefix].join('/');
    const page = pageByKey({ tokens: logsOf(call.plane).tokens, scope }, input, {
      all,
      limit,
      keyOf: ({ group, filter }) => `${filter.name}\0${group}`,
    });
    return {
      metricFilters: page.items.map(({ group, filter }) => metricFilterShape(group, filter)),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const deleteMetricFilter = defineOperation<DeleteMetricFilterRequest, object>({
  name: 'DeleteMetricFilter',
  access: onGroup('logs:DeleteMetricFilter'),
  async handle(call, { logGroupName, filterName = '' }) {
    const at = nameOf(call, { logGroupName });
    await call.plane.store.transact((tx) => {
      const group = groupAt(tx, at);
      if (!findChild(tx, group, 'metric-filter', filterName)) throw faults.noSuchMetricFilter();
      deleteChild(tx, group, 'metric-filter', filterName);
    });
    return {};
  },
});

function groupsIn(call: Call, { logGroupName }: DescribeMetricFiltersRequest): readonly LogGroup[] {
  if (logGroupName !== undefined) return [groupOf(call, { logGroupName })];
  return groupsOf(call.plane.store, homeOf(call));
}

function filtersOf(call: Call, group: LogGroup, prefix: string) {
  const filters = childrenOf<StoredMetricFilter>(call.plane.store, group, 'metric-filter', { prefix });
  return filters.map((filter) => ({ group: group.name, filter }));
}

function measures(
  filter: StoredMetricFilter,
  { metricName, metricNamespace }: DescribeMetricFiltersRequest,
): boolean {
  if (metricName === undefined) return true;
  return filter.transformations.some(
    (one) => one.metricName === metricName && one.metricNamespace === metricNamespace,
  );
}
