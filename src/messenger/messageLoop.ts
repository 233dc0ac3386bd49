/** The one loop of an app over what arrives. */
import { whenAborted } from "../fetch/whenAborted.js";
import type { Contacts } from "./contacts.js";
import type { Inbox } from "./inbox.js";
import type { IncomingMessage } from "./incomingMessage.js";
import { openMailbox, type Problem } from "./mailbox.js";
import type { MessagesOptions } from "./messenger.js";
import { guardedSocketOptions, type MessengerOptions, type Platform } from "./messengerOptions.js";
import type { OwnProfile } from "./ownProfile.js";
import { received } from "./receiving.js";
import type { RelayNodes } from "./relayNodes.js";
import type { SessionClock } from "./session.js";
import { sleep } from "./sleep.js";
import { secondLoop } from "./wrongUse.js";

export interface MessageLoopParts {
  readonly options: MessengerOptions;
  readonly platform: Platform;
  /** The user's, in normal form. */
  readonly name: string;
  readonly own: OwnProfile;
  readonly contacts: Contacts;
  readonly inbox: Inbox;
  readonly relayNodes: Pick<RelayNodes, "at">;
  readonly clock: SessionClock;
  readonly onProblem: (problem: Problem) => void;
  /** Runs before the app gets the message. */
  readonly onArrival: (message: IncomingMessage, envelope: unknown) => Promise<void>;
  /** Ends the loop. */
  readonly stopping: AbortSignal;
}

const DEFAULT_POLL_MS = 15_000;

/** @returns `Messenger.messages` */
export function messageLoop(
  parts: MessageLoopParts,
): (how?: MessagesOptions) => AsyncGenerator<IncomingMessage, void, undefined> {
  const { options, platform, name, own, contacts, inbox, relayNodes, clock, onProblem } = parts;
  const reading = {
    keys: [options.keys, ...(options.earlierKeys ?? [])],
    ownNames: [name, ...(options.furtherNames ?? [])],
    contactOf: contacts.contactOf,
  };
  const liveAt = (url: string) => {
    const { io, allowLoopback } = options;
    if (io === undefined) return null;
    return { io, socketOptions: guardedSocketOptions(platform, url, allowLoopback) };
  };
  let isReading = false;

  return async function* ({ signal, follow = true } = {}) {
    if (isReading) throw secondLoop();
    isReading = true;
    const ending = new AbortController();
    const stopWaiting = [signal ?? parts.stopping, parts.stopping].map((one) => {
      const end = () => {
        ending.abort();
      };
      if (one.aborted) end();
      return whenAborted(one, end);
    });
    const incoming = received(
      {
        ...{ own, inbox, sleep, chance: clock.chance, onProblem },
        mailboxAt: (node, more) =>
          openMailbox({
            ...{ node, name, sleep, ...clock, ...relayNodes.at(node), ...more },
            reading: { ...reading, ownAddress: own.seen().address },
            live: liveAt(node.profile.url),
            pollMs: options.pollMs ?? DEFAULT_POLL_MS,
            onMessage: async (message, envelope) => {
              await parts.onArrival(message, envelope);
              return more.onMessage(message, envelope);
            },
          }),
      },
      follow,
      ending.signal,
    );
    try {
      yield* incoming;
    } finally {
      for (const stop of stopWaiting) stop();
      isReading = false;
    }
  };
}
