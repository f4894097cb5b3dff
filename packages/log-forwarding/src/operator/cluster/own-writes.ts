// What the operator wrote last, until its watch tells of it. A run on the copy from before that write would see a status
// that is no more, and its own write would be refused as a conflict.
import type { KubeResource } from '@pergola/kube-client';

interface Write {
  readonly uid: string | undefined;
  /** The versions that it followed upon, and that the watch may still show. */
  readonly replaced: ReadonlySet<string | undefined>;
  readonly object: KubeResource;
}

export class OwnWrites {
  /** By key; as many as there are objects that are written. */
  readonly #writes = new Map<string, Write>();

  /** `watched`, or what was written on top of it. */
  latest(key: string, watched: KubeResource): KubeResource {
    const write = this.#writes.get(key);
    if (!write) return watched;
    const { uid, resourceVersion } = watched.metadata;
    if (write.uid === uid && write.replaced.has(resourceVersion)) return write.object;
    this.#writes.delete(key);
    return watched;
  }

  /** `object` is what the server made of a write upon `before`. */
  wrote(key: string, before: KubeResource, object: KubeResource): void {
    const { uid, resourceVersion } = before.metadata;
    if (object.metadata.resourceVersion === resourceVersion) return;
    const earlier = this.#writes.get(key);
    const replaced = new Set([...(earlier && earlier.uid === uid ? earlier.replaced : []), resourceVersion]);
    this.#writes.set(key, { uid, replaced, object });
  }

  forget(key: string): void {
    this.#writes.delete(key);
  }
}
