/** What a network's adapter tells the core, noted down; and answers as the core would give them, until a test gives others. */
import { normalizeName } from "../../src/ens/normalize.js";
import { formatNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import type { NetworkEvents, Submission } from "../../src/messaging/network.js";

export interface Happened {
  connected: number;
  disconnected: number;
  readonly submitted: Submission[];
  /** `bob@chat.test 17-<hash>`, as all of these */
  readonly taken: string[];
  readonly delivered: string[];
  readonly refused: string[];
  /** Why, one for each of `refused`. */
  readonly sentences: string[];
  /** `bob@chat.test <hash>` */
  readonly endNoted: string[];
  readonly unlinked: string[];
  readonly links: unknown[];
}

export interface RecordedEvents {
  readonly happened: Happened;
  /** Replace what a test needs otherwise. */
  readonly core: { -readonly [Event in keyof NetworkEvents]: NetworkEvents[Event] };
  /** For the adapter. */
  readonly events: NetworkEvents;
}

export function recordEvents(): RecordedEvents {
  const happened: Happened = {
    connected: 0,
    disconnected: 0,
    ...{ submitted: [], taken: [], delivered: [], refused: [], sentences: [] },
    ...{ endNoted: [], unlinked: [], links: [] },
  };
  const core: RecordedEvents["core"] = {
    connected: () => {
      happened.connected++;
    },
    disconnected: () => {
      happened.disconnected++;
    },
    greeting: ({ localPart }) =>
      Promise.resolve({
        relayNode: "gateway.example.eth",
        name: `${localPart}.users.example.eth`,
        sizeLimit: 100_000,
      }),
    linked: ({ localPart }, link) => {
      happened.links.push(link);
      return Promise.resolve({ name: normalizeName(`${localPart}.users.example.eth`) });
    },
    unlinked: (of) => noted(happened.unlinked, formatNativeAddress(of)),
    waiting: () => Promise.resolve([]),
    left: (of) => noted(happened.unlinked, formatNativeAddress(of)),
    submitted: async (submission) => {
      await noted(happened.submitted, submission);
      return null;
    },
    taken: (to, { hash, number }) =>
      noted(happened.taken, `${formatNativeAddress(to)} ${number}-${hash}`),
    delivered: (to, { hash, number }) =>
      noted(happened.delivered, `${formatNativeAddress(to)} ${number}-${hash}`),
    refused: (to, { hash, number, sentence }) => {
      happened.sentences.push(sentence);
      return noted(happened.refused, `${formatNativeAddress(to)} ${number}-${hash}`);
    },
    hasCaughtUp: () => true,
    endNoted: (by, hash) => noted(happened.endNoted, `${formatNativeAddress(by)} ${hash}`),
    exists: (name) => Promise.resolve(!name.startsWith("nobody")),
  };
  return {
    happened,
    core,
    events: {
      connected: () => {
        core.connected();
      },
      disconnected: () => {
        core.disconnected();
      },
      greeting: (of) => core.greeting(of),
      linked: (of, link) => core.linked(of, link),
      unlinked: (of) => core.unlinked(of),
      waiting: (of) => core.waiting(of),
      left: (of) => core.left(of),
      submitted: (submission) => core.submitted(submission),
      taken: (to, what) => core.taken(to, what),
      delivered: (to, what) => core.delivered(to, what),
      refused: (to, what) => core.refused(to, what),
      endNoted: (by, hash) => core.endNoted(by, hash),
      hasCaughtUp: () => core.hasCaughtUp(),
      exists: (name) => core.exists(name),
    },
  };
}

async function noted<T>(list: T[], one: T): Promise<void> {
  list.push(one);
  await Promise.resolve();
}
