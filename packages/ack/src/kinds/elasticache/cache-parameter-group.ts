// CacheParameterGroup: settings of caches; only the parameters that a user set count.
import type { Dealings, KindDescription, Raw } from '../../kind/description.ts';
import { elasticache, events, named, objectsOf, replaced, tags, terminal } from './service.ts';

const name = { CacheParameterGroupName: '$CacheParameterGroupName' };
/** AWS takes so many at a time. */
const atOnce = 20;

async function userParameters({ call, find }: Dealings): Promise<readonly Raw[]> {
  const found: Raw[] = [];
  let marker: unknown;
  do {
    const { Parameters, Marker } = await call('DescribeCacheParameters', {
      CacheParameterGroupName: find('$CacheParameterGroupName'),
      Source: 'user',
      ...(marker !== undefined && { Marker: marker }),
    });
    found.push(...objectsOf(Parameters));
    marker = Marker;
  } while (marker !== undefined && marker !== '');
  return found;
}

async function changeParameters({ call, find, field, resource }: Dealings): Promise<void> {
  const CacheParameterGroupName = find('$CacheParameterGroupName');
  const asked = objectsOf(field('ParameterNameValues'));
  const names = new Set(asked.map(({ ParameterName }) => ParameterName));
  const has = objectsOf(resource['ParameterNameValues']);
  const values = new Map(has.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]));
  const set = asked.filter(
    ({ ParameterName, ParameterValue }) => values.get(ParameterName) !== ParameterValue,
  );
  const reset = has.filter(({ ParameterName }) => !names.has(ParameterName));
  for (let index = 0; index < set.length; index += atOnce) {
    const ParameterNameValues = set.slice(index, index + atOnce);
    await call('ModifyCacheParameterGroup', { CacheParameterGroupName, ParameterNameValues });
  }
  for (let index = 0; index < reset.length; index += atOnce) {
    const ParameterNameValues = reset.slice(index, index + atOnce);
    await call('ResetCacheParameterGroup', {
      CacheParameterGroupName,
      ResetAllParameters: false,
      ParameterNameValues,
    });
  }
}

export const cacheParameterGroup: KindDescription = {
  service: elasticache,
  kind: 'CacheParameterGroup',
  identity: 'CacheParameterGroupName',
  fields: {
    CacheParameterGroupFamily: replaced,
    CacheParameterGroupName: named,
    Description: replaced,
    Events: events,
    ParameterNameValues: {
      from: 'ModifyCacheParameterGroup.ParameterNameValues',
      observe: 'ParameterNameValues',
    },
    Parameters: { status: true, from: 'DescribeCacheParameters.Parameters', observe: 'Parameters' },
  },
  create: [{ operation: 'CreateCacheParameterGroup', at: 'CacheParameterGroup' }],
  read: [
    {
      operation: 'DescribeCacheParameterGroups',
      input: name,
      at: 'CacheParameterGroups[0]',
      absent: ['CacheParameterGroupNotFound'],
    },
  ],
  tags,
  remove: [{ operation: 'DeleteCacheParameterGroup', input: name }],
  terminal: [...terminal, 'CacheParameterGroupAlreadyExists', 'CacheParameterGroupQuotaExceeded'],
  columns: [{ name: 'FAMILY', path: '.spec.cacheParameterGroupFamily' }],
  ways: {
    operations: ['DescribeCacheParameters', 'ModifyCacheParameterGroup', 'ResetCacheParameterGroup'],
    read: async (dealings) => {
      const parameters = await userParameters(dealings);
      return {
        Parameters: parameters,
        ParameterNameValues: parameters.map(({ ParameterName, ParameterValue }) => ({
          ParameterName,
          ParameterValue,
        })),
      };
    },
    update: { ParameterNameValues: changeParameters },
  },
};
