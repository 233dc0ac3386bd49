/** The receiving half of a messenger: all of the user's relay nodes at once, of which any may fail. */
import { SignpostError } from "../errors.js";
import type { FoundRelayNode } from "../lookup/outcome.js";
import { pauseMs } from "../sending/patience.js";
import { type BoundedQueue, boundedQueue } from "./boundedQueue.js";
import { asSignpostError } from "./defect.js";
import type { Inbox, Reader } from "./inbox.js";
import type { IncomingMessage } from "./incomingMessage.js";
import type { Mailbox, MailboxParts, Problem } from "./mailbox.js";
import type { OwnProfile } from "./ownProfile.js";

export interface ReceivingParts extends Pick<MailboxParts, "sleep" | "chance" | "onProblem"> {
  readonly own: OwnProfile;
  readonly inbox: Inbox;
  /** Opens the mailbox at this relay node. */
  readonly mailboxAt: (
    node: FoundRelayNode,
    more: Pick<MailboxParts, "reader" | "onMessage" | "onProblem" | "onFirstLook">,
  ) => Mailbox;
}

/** Messages that the app has not taken yet. */
const MOST_WAITING = 100;
const OWN_PROFILE_MS = 5 * 60_000;
const AFTER_FAILURE = { firstMs: 1_000, mostMs: 60_000 };

/**
 * Every message once, as soon as it is there. First comes what waits at the relay nodes.
 * @param follow whether it goes on then; otherwise it ends when each of them was read, or could not be
 * @param signal ends it
 * @throws what the own profile's lookup throws, where it does not go on
 */
export async function* received(
  parts: ReceivingParts,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<IncomingMessage, void, undefined> {
  const queue = boundedQueue<IncomingMessage>(MOST_WAITING);
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    queue.close();
  };
  if (signal.aborted) return;
  signal.addEventListener("abort", stop, { once: true });
  if (!follow) await parts.own.now();
  const onLook = follow
    ? () => undefined
    : looks(() => {
        queue.finish();
      });
  void followRelayNodes(parts, parts.inbox.begin(), queue, onLook, stopping.signal);
  try {
    for (;;) {
      const message = await queue.next();
      if (message === null) return;
      yield message;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** Keeps a mailbox open at each relay node of the profile, as that changes. */
async function followRelayNodes(
  parts: ReceivingParts,
  reader: Reader,
  queue: BoundedQueue<IncomingMessage>,
  onLook: (place: string, places: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const open = new Map<string, Mailbox>();
  const onMessage = (message: IncomingMessage) => queue.push(message);
  const told = new Map<string, string>();
  let failures = 0;
  const isEnding = () => signal.aborted;
  // at once, whatever is under way here
  const closeAll = () => {
    closeOthers(open, new Set());
  };
  signal.addEventListener("abort", closeAll, { once: true });
  while (!isEnding()) {
    let ms = OWN_PROFILE_MS;
    try {
      const { relayNodes } = await parts.own.now();
      if (isEnding()) break;
      const found = relayNodes.filter((node) => node.status === "found");
      closeOthers(open, new Set(found.map(placeOf)));
      for (const node of found) {
        if (open.has(placeOf(node))) continue;
        const place = placeOf(node);
        const onFirstLook = () => {
          onLook(place, found.map(placeOf));
        };
        const { onProblem } = parts;
        open.set(place, parts.mailboxAt(node, { reader, onMessage, onProblem, onFirstLook }));
      }
      if (found.length === 0) onLook("", []);
      const missing = relayNodes.filter((node) => node.status !== "found");
      for (const { name, sentence } of missing) tellOnce(name, sentence);
      failures = missing.length === 0 ? 0 : failures + 1;
      if (missing.length > 0) ms = pauseMs(failures, AFTER_FAILURE, parts.chance());
    } catch (thrown) {
      const error = asSignpostError(thrown, "The own profile could not be read");
      parts.onProblem({ relayNode: "", error, envelope: null });
      failures++;
      ms = pauseMs(failures, AFTER_FAILURE, parts.chance());
    }
    await parts.sleep(ms, signal);
  }

  /** A relay node that is not found is asked for often, and told of once. */
  function tellOnce(relayNode: string, sentence: string): void {
    if (told.get(relayNode) === sentence) return;
    told.set(relayNode, sentence);
    const error = new SignpostError("UNREACHABLE", sentence, { reason: sentence });
    const problem: Problem = { relayNode, error, envelope: null };
    parts.onProblem(problem);
  }
}

/** Calls `then` when all places were looked at. */
function looks(then: () => void): (place: string, places: readonly string[]) => void {
  const done = new Set<string>();
  return (place, places) => {
    done.add(place);
    if (places.every((one) => done.has(one))) then();
  };
}

/** By name and all that a mailbox depends on. */
function placeOf({ name, profile }: FoundRelayNode): string {
  return JSON.stringify([name, profile]);
}

function closeOthers(open: Map<string, Mailbox>, keep: ReadonlySet<string>): void {
  for (const [place, mailbox] of [...open]) {
    if (keep.has(place)) continue;
    open.delete(place);
    mailbox.stop();
  }
}
