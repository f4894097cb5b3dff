// The quality-of-service class of a pod, from its containers' requests and limits.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { records } from './pod-defaults.ts';

export function qosClass(spec: Record<string, unknown>): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const resources = [...records(spec['initContainers']), ...records(spec['containers'])].map((container) =>
    isRecord(container['resources']) ? container['resources'] : {},
  );
  const some = resources.some((each) => sized(each['requests']) || sized(each['limits']));
  if (!some) return 'BestEffort';
  const guaranteed = resources.every((each) => {
    const limits = isRecord(each['limits']) ? each['limits'] : {};
    const full = limits['cpu'] !== undefined && limits['memory'] !== undefined;
    return full && jsonEqual(limits, each['requests'] ?? limits);
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function sized(quantities: unknown): boolean {
  return isRecord(quantities) && Object.keys(quantities).length > 0;
}
