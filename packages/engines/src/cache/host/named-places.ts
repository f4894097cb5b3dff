// The places of one cache: one for each of its nodes and doors, kept under the cache's name.
import type { CacheLayout, EnginePlace } from '../../contract.ts';
import type { Places } from '../../place/places.ts';

export class NamedPlaces {
  readonly #places: Places;
  readonly #owner: string;
  readonly #port: number;
  readonly #known = new Map<string, EnginePlace>();

  constructor(places: Places, { id, port }: { readonly id: string; readonly port: number }) {
    this.#places = places;
    this.#owner = `cache/${id}`;
    this.#port = port;
  }

  find(name: string): EnginePlace | undefined {
    return this.#known.get(name);
  }

  /** The place of something that is known to have one. */
  of(name: string): EnginePlace {
    const place = this.#known.get(name);
    if (!place) throw new Error(`${this.#owner} has no place ${name}`);
    return place;
  }

  /** What a certificate has to name. */
  get hosts(): string[] {
    return [...new Set([...[...this.#known.values()].map(({ host }) => host), 'localhost'])];
  }

  async reserve(layout: CacheLayout): Promise<void> {
    for (const name of namesOf(layout)) {
      if (this.#known.has(name)) continue;
      this.#known.set(name, await this.#places.reserve(`${this.#owner}/${name}`, this.#port));
    }
  }

  async release(names: Iterable<string> = [...this.#known.keys()]): Promise<void> {
    for (const name of names) {
      this.#known.delete(name);
      await this.#places.release(`${this.#owner}/${name}`);
    }
  }
}

export function namesOf({ doors, shards }: CacheLayout): string[] {
  return [...doors, ...shards.flatMap(({ nodes }) => nodes)];
}
