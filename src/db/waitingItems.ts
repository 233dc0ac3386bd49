/** What waits for the next statements, in order of arrival, by count and by bytes. */

/** Bounds by what items take. An item that is larger alone goes by itself. */
interface ByteBounds<Item> {
  readonly bytesOf: (item: Item) => number;
  readonly mostInBatch: number;
  readonly mostWaiting: number;
}

export interface ItemBounds<Item> {
  readonly mostInBatch: number;
  readonly mostWaiting: number;
  /** Where items may be large; without it they are counted alone. */
  readonly bytes?: ByteBounds<Item> | undefined;
}

export class WaitingItems<Item, Entry extends { readonly item: Item }> {
  #entries: Entry[] = [];
  #bytes = 0;

  constructor(private readonly bounds: ItemBounds<Item>) {}

  get count(): number {
    return this.#entries.length;
  }

  get oldest(): Entry | undefined {
    return this.#entries[0];
  }

  /** Whether these alone are as many bytes as a statement takes. */
  isHeavy(): boolean {
    const { bytes } = this.bounds;
    return bytes !== undefined && this.#bytes >= bytes.mostInBatch;
  }

  /** False where there is no room. */
  add(entry: Entry): boolean {
    const { mostWaiting, bytes } = this.bounds;
    const size = this.#sizeOf(entry);
    if (this.count >= mostWaiting) return false;
    if (this.count > 0 && bytes !== undefined && this.#bytes + size > bytes.mostWaiting)
      return false;
    this.#entries.push(entry);
    this.#bytes += size;
    return true;
  }

  /** For one statement: one at least, where any waits. */
  takeBatch(): readonly Entry[] {
    const { mostInBatch, bytes } = this.bounds;
    let count = 0;
    let size = 0;
    for (const entry of this.#entries.slice(0, mostInBatch)) {
      size += this.#sizeOf(entry);
      if (count > 0 && bytes !== undefined && size > bytes.mostInBatch) break;
      count++;
    }
    return this.#take(count);
  }

  /** Those from the oldest on for which this is true. */
  takeWhile(isWanted: (entry: Entry) => boolean): readonly Entry[] {
    const other = this.#entries.findIndex((entry) => !isWanted(entry));
    return this.#take(other === -1 ? this.count : other);
  }

  #take(count: number): readonly Entry[] {
    const taken = this.#entries.slice(0, count);
    this.#entries = this.#entries.slice(count);
    for (const entry of taken) this.#bytes -= this.#sizeOf(entry);
    return taken;
  }

  #sizeOf({ item }: Entry): number {
    return this.bounds.bytes?.bytesOf(item) ?? 0;
  }
}
