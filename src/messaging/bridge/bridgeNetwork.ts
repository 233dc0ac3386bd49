/**
 * A network that knows nothing of DM3, made into one that gateways know. Its users have DM3 keys that the bridge holds: it opens
 * and makes DM3 messages for them, and inside is always a native message, to which it has no key.
 */
import type { NormalName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { isSameNative } from "../address/bridgeItself.js";
import { formatNativeAddress } from "../address/nativeAddress.js";
import type {
  Delivery,
  Network,
  NetworkEvents,
  SubmissionEnd,
  WaitingSender,
  WaitingSenders,
} from "../network.js";
import { askedItself } from "./askedItself.js";
import type { BridgeParts } from "./bridgeParts.js";
import { deferrals } from "./deferrals.js";
import { unlessTooOld } from "./giveUp.js";
import { leave } from "./leave.js";
import type { NativeEvents, NativeReport } from "./nativeTransport.js";
import { aboutSender, isOfSender } from "./ofSender.js";
import { receiveNative } from "./receiveNative.js";
import { sendNative } from "./sendNative.js";
import { sentTokens } from "./sentTokens.js";
import { turns } from "./turns.js";
import { writeBack } from "./writeBack.js";

/** Until it is tried again to listen. */
const PAUSE_MS = 5_000;

export function bridgeNetwork(parts: BridgeParts): Network {
  const { transport, passages, reportFailure } = parts;
  const deferred = {
    receivers: deferrals(parts.nowMs),
    senders: deferrals(parts.nowMs, isOfSender),
  };
  const inTurn = turns();
  const tokens = sentTokens(passages);
  const asked = askedItself(parts);
  const stopping = new AbortController();
  let isListening = false;
  let known: NetworkEvents | null = null;
  let listening: Promise<void> = Promise.resolve();

  function start(events: NetworkEvents): void {
    known = events;
    listening = listen(events);
  }

  /** Until it succeeds: the process before this one may still have the port. */
  async function listen(events: NetworkEvents): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await transport.start(nativeEvents(events));
        isListening = true;
        events.connected();
        return;
      } catch (error) {
        reportFailure(error);
        await parts.sleep(PAUSE_MS, stopping.signal);
      }
    }
  }

  const nativeEvents = (events: NetworkEvents): NativeEvents => ({
    exists: events.exists,
    nameOfHash: parts.longNames.nameOf,
    isKnown: passages.isKnown,
    hasWritten: passages.hasWritten,
    isToken: (token) => isToken(events, token),
    // in turn, so that nothing is handed over meanwhile
    left: (address) =>
      inTurn(formatNativeAddress(address), () => leave(parts, events, address), "any"),
    received: (message) => receiveNative(parts, events, message),
    isTold: passages.isTold,
    noteTold: (message) => passages.noteTold(message, parts.nowMs()),
    reported: (report) => reported(events, report),
  });

  /** Those of one user, one after the other; what is behind one that the network did not take waits with it. */
  function inject(
    deliveries: readonly Delivery[],
    waiting: WaitingSenders = new Map(),
  ): Promise<readonly WaitingSender[]> {
    const [first] = deliveries;
    if (first === undefined) return Promise.resolve([]);
    const events = started(known);
    const to = formatNativeAddress(first.to);
    return inTurn(to, () =>
      deferred.receivers.around(to, () => injectBySender(events, to, deliveries, waiting)),
    );
  }

  /** What is behind one that waits for its sender waits as well, where it is of the same one: each sender's stay in their order. */
  async function injectBySender(
    events: NetworkEvents,
    to: string,
    deliveries: readonly Delivery[],
    waiting: WaitingSenders,
  ): Promise<readonly WaitingSender[]> {
    const waits = (from: NormalName, { details }: SignpostError<"UNREACHABLE">) =>
      waiting.set(from, { from, retryAfterSec: Number(details["retryAfterSec"]) });
    for (const delivery of deliveries) {
      const { from } = delivery;
      const pair = `${from} to ${to}`;
      // also from an earlier page: that page may have taken longer than the wait
      if (waiting.has(from)) continue;
      const before = deferred.senders.waiting(pair);
      if (before !== null) {
        waits(from, before);
        continue;
      }
      try {
        await deferred.senders.around(pair, () =>
          unlessTooOld(parts, events, delivery, () => injectOne(events, delivery)),
        );
      } catch (error) {
        if (!isOfSender(error)) throw error;
        waits(from, error);
      }
    }
    return [...waiting.values()];
  }

  async function injectOne(events: NetworkEvents, delivery: Delivery): Promise<void> {
    const { to, hash, number } = delivery;
    if (isSameNative(to, parts.itself)) return asked(events, delivery);
    const sent = await sendNative({ ...parts, tokens }, events, delivery);
    if (sent.is === "taken") return;
    const { sentence, about } = sent;
    // first, because a message that is over is not injected again
    if (about !== null) {
      await aboutSender(() => writeBack(parts, events, { ...about, sentence }));
    }
    return events.refused(to, { hash, number, sentence });
  }

  async function isToken({ hasCaughtUp }: NetworkEvents, token: string): Promise<boolean> {
    // a process that was killed may have sent it and not written it down: it is sent again, and known then
    const mayBecomeKnown = !hasCaughtUp();
    if ((await tokens.passageOf(token)) !== null) return true;
    if (!mayBecomeKnown) return false;
    throw new SignpostError("UNREACHABLE", "The bridge has just started; try it again later.");
  }

  async function reported(
    events: NetworkEvents,
    { token, is, sentence }: NativeReport,
  ): Promise<void> {
    // "delivered" says that it lies in a mailbox, and not that somebody has it
    if (is !== "refused") return;
    const sent = await tokens.passageOf(token);
    if (sent === null) return;
    const { to, hash, number } = sent;
    await writeBack(parts, events, { ...sent, sentence });
    await events.refused(to, { hash, number, sentence });
    await tokens.end(token);
  }

  async function tell({ to, receiver, hash, sentence }: SubmissionEnd): Promise<void> {
    const head = await passages.headOf(hash);
    if (head !== null) await transport.tell({ to, from: receiver, head, sentence });
    await started(known).endNoted(to, hash);
  }

  return {
    kind: transport.kind,
    start,
    keepsWhatItIsTold: true,
    isConnected: () => isListening,
    inject,
    tell,
    stop: async () => {
      stopping.abort();
      await listening;
      isListening = false;
      await transport.stop();
    },
  };
}

function started(events: NetworkEvents | null): NetworkEvents {
  if (events === null) throw new Error("The bridge was not started.");
  return events;
}
