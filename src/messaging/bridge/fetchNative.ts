/**
 * Native messages that their senders keep outside of the envelope: fetched in pieces, from a relay node of the sender alone, and
 * within bounds, because strangers choose what a bridge fetches.
 */
import type { BlobReference } from "../../dm3/blob/blobReference.js";
import type { CryptoEngine } from "../../dm3/crypto/cryptoEngine.js";
import type { NativeMessage } from "../../dm3/message/nativeMessage.js";
import type { NormalName } from "../../ens/normalize.js";
import { isSignpostError } from "../../errors.js";
import { fetchBlobs } from "../../sending/fetchBlob.js";
import type { Allowance } from "../memoryBudget.js";
import type { BridgeParts } from "./bridgeParts.js";
import {
  type FetchedFor,
  fetchedFor,
  longestMs,
  unreachable,
  withinBounds,
} from "./fetchingBounds.js";
import { aboutSender } from "./ofSender.js";

type Parts = Pick<BridgeParts, "profileOf" | "counter" | "nowMs" | "fetching">;
type Kept = NativeMessage & { readonly is: "kept" };

/** Until somebody who found no place asks for one again. */
const NEXT_SEC = 10;

/** What nothing changes: codes of `fetchBlobs`. */
const BAD = [...(["WRONG_BLOB", "NOT_FOUND", "FORBIDDEN_ADDRESS"] as const)];

/**
 * What `work` makes of the message, which is in memory until then; a sentence where there is none to be had.
 * @throws UNREACHABLE of the sender: later, perhaps; and what `work` throws
 */
export async function withFetched<Result>(
  parts: Parts,
  engine: CryptoEngine,
  from: NormalName,
  native: Kept,
  work: (bytes: Uint8Array) => Promise<Result>,
): Promise<Result | { readonly sentence: string }> {
  const allowance = parts.fetching.budget.open();
  try {
    const bytes = await aboutSender(() => fetched(parts, engine, from, native, allowance));
    return bytes instanceof Uint8Array ? await work(bytes) : bytes;
  } finally {
    allowance.close();
  }
}

async function fetched(
  parts: Parts,
  engine: CryptoEngine,
  from: NormalName,
  native: Kept,
  allowance: Allowance,
): Promise<Uint8Array | { readonly sentence: string }> {
  const { fetching } = parts;
  const { pieces, size } = native;
  if (size > fetching.mostBytes) {
    return { sentence: `It is larger than ${fetching.mostBytes} bytes. Send a smaller file.` };
  }
  const elsewhere = await problemOfHost(parts, from, native);
  if (elsewhere !== null) return { sentence: elsewhere };
  const whose = fetchedFor(
    from,
    pieces.map(({ url }) => url),
  );
  // before anything is waited for: whoever finds none waits in the mailbox
  const leave = fetching.places.take([whose.domain, ...whose.hosts]);
  if (leave === null) throw unreachable("others are being fetched", NEXT_SEC);
  try {
    if (!(await allowance.take(size))) {
      throw unreachable("too many large messages are on their way at once");
    }
    return await fetchPieces(parts, engine, whose, native);
  } catch (error) {
    if (isSignpostError(error, ...BAD)) return { sentence: error.message };
    throw error;
  } finally {
    leave();
  }
}

function fetchPieces(
  parts: Parts,
  engine: CryptoEngine,
  whose: FetchedFor,
  { pieces, size }: Kept,
): Promise<Uint8Array> {
  const { fetching, nowMs } = parts;
  const dueMs = nowMs() + longestMs(size);
  let begun = 0;
  const begin = (piece: BlobReference) => {
    const leftMs = dueMs - nowMs();
    if (leftMs <= 0) throw unreachable("its sender's relay node is too slow");
    begun += piece.size;
    return leftMs;
  };
  const fetchAll = () => fetchBlobs(fetching.access, engine, pieces, size, begin);
  return withinBounds(parts, whose, size, () => begun, fetchAll);
}

/** Null where all pieces are at one of the sender's relay nodes, as ENS says. Throws UNREACHABLE. */
async function problemOfHost(
  { profileOf }: Parts,
  from: NormalName,
  { pieces }: Kept,
): Promise<string | null> {
  const sender = await profileOf(from, "remembered");
  if (sender.status === "unreachable") throw unreachable(sender.sentence);
  const nodes = sender.status === "found" ? sender.relayNodes : [];
  const hosts = nodes.flatMap((node) => (node.status === "found" ? [node.profile.url] : []));
  const isThere = (url: string) =>
    hosts.some((host) => url.startsWith(`${host.replace(/\/$/, "")}/`));
  if (pieces.every(({ url }) => isThere(url))) return null;
  const unknown = nodes.find(({ status }) => status === "unreachable");
  if (unknown !== undefined) throw unreachable(`${unknown.name} could not be found out`);
  return `Its content is not kept at a relay node of ${from}. Send it again with an app that keeps it there.`;
}
