/** Containers of some messages in one piece of bytes: that in which they came, where they are in one. */
import { arePlain, isPlain, utf8Length } from "../../storage/rows.js";
import type { NewMessage } from "../../storage/store.js";

export interface PackedContainers {
  readonly memory: Buffer;
  /** Where each begins in it, and how many bytes it has. */
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  readonly plain: readonly boolean[];
}

/** What may stand between them: a hundred bytes for each, of thousands. */
const MOST_OVER = 1.1;

type Container = Pick<NewMessage, "container" | "isPlain">;

export function packed(messages: readonly Container[]): PackedContainers {
  const plain = messages.map(isPlainContainer);
  const lengths = messages.map(({ container }, index) =>
    typeof container === "string" && plain[index] === true
      ? container.length
      : bytesOfContainer(container),
  );
  const sum = lengths.reduce((all, length) => all + length, 0);
  return { ...(whereTheyAre(messages, sum) ?? copied(messages, lengths, sum)), lengths, plain };
}

export function bytesOfContainer(container: string | Uint8Array): number {
  return typeof container === "string" ? utf8Length(container) : container.length;
}

function isPlainContainer({ container, isPlain: known }: Container): boolean {
  if (known !== undefined) return known;
  return typeof container === "string" ? isPlain(container) : arePlain(container);
}

type Places = Pick<PackedContainers, "memory" | "starts">;

/** Null where they are not in one piece of memory, or too much stands between them. */
function whereTheyAre(messages: readonly Container[], sum: number): Places | null {
  const [first] = messages;
  if (first === undefined || typeof first.container === "string") return null;
  const { buffer } = first.container;
  let [from, to] = [Infinity, 0];
  const offsets: number[] = [];
  for (const { container } of messages) {
    if (typeof container === "string" || container.buffer !== buffer) return null;
    from = Math.min(from, container.byteOffset);
    to = Math.max(to, container.byteOffset + container.length);
    offsets.push(container.byteOffset);
  }
  if (to - from > sum * MOST_OVER) return null;
  const memory = Buffer.from(buffer, from, to - from);
  return { memory, starts: offsets.map((offset) => offset - from) };
}

function copied(messages: readonly Container[], lengths: readonly number[], sum: number): Places {
  const memory = Buffer.allocUnsafe(sum);
  const starts: number[] = [];
  let at = 0;
  for (const [index, { container }] of messages.entries()) {
    starts.push(at);
    if (typeof container === "string") memory.write(container, at, "utf8");
    else memory.set(container, at);
    at += lengths[index] ?? 0;
  }
  return { memory, starts };
}
