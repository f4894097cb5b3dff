// What there is of each stream of a group, from what its blocks say of themselves. Only blocks of which a part is
// hidden have to be read, once.
import type { GroupLog } from './group-log.ts';
import { type LoadedBlock, spansOf, stretchesOf } from '../files/loaded-block.ts';
import type { Mask } from './mask.ts';
import { joinSpans, maskTouches, type StoredBlock, type StreamSpan } from '../files/stored-block.ts';

type Load = (block: StoredBlock) => Promise<LoadedBlock | undefined>;

interface Visible {
  readonly mask: Mask;
  readonly spans: readonly StreamSpan[];
}

export class StreamFactsReader {
  /** Remembered until something else is hidden. */
  readonly #visible = new WeakMap<StoredBlock, Visible>();
  readonly #summed = new WeakMap<readonly StoredBlock[], ReadonlyMap<string, StreamSpan>>();

  /** The spans of all streams that have events. */
  async facts(log: GroupLog, load: Load): Promise<ReadonlyMap<string, StreamSpan>> {
    const blocks = log.blocks();
    const known = this.#summed.get(blocks);
    if (known) return known;
    const { mask } = log;
    const spans = new Map<string, StreamSpan>();
    for (const block of blocks) {
      for (const span of await this.#spansOf(block, mask, load)) {
        spans.set(span.stream, joinSpans(spans.get(span.stream), span));
      }
    }
    this.#summed.set(blocks, spans);
    return spans;
  }

  async #spansOf(block: StoredBlock, mask: Mask, load: Load): Promise<readonly StreamSpan[]> {
    if (!maskTouches(mask, block)) return block.spans;
    const known = this.#visible.get(block);
    if (known?.mask === mask) return known.spans;
    const loaded = await load(block);
    const spans = loaded ? spansOf(loaded, stretchesOf(loaded, mask)) : [];
    this.#visible.set(block, { mask, spans });
    return spans;
  }
}
