// The collector's door: the collector is loaded when one starts. Who only knows the package, as the sandbox does, whose
// collectors are processes of their own, never reads its code.
import type { CollectorOptions } from './collector-options.ts';
import type { Collector } from './start-collector.ts';

/** Starts it; see `Collector`. Rejects with a ConfigError when the configuration cannot be used. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const loaded = await import('./start-collector.ts');
  return loaded.startCollector(options);
}
