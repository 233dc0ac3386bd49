/** A messaging gateway: what happens in its network, and what then has to be done. */
import type { NormalName } from "../ens/normalize.js";
import type { RelayAccountStore } from "../relay/store.js";
import type { OutgoingMessage } from "../sending/outgoingMessage.js";
import type { NativeAddress } from "./address/nativeAddress.js";
import { deliveryOf, hashOfServed } from "./deliveries.js";
import { handedOver } from "./handedOver.js";
import { type Injecting, injecting, type InjectingParts } from "./injecting.js";
import { givenName, linkAccount, type LinkingParts, unlinkAccount } from "./linking.js";
import { findLostEnds } from "./lostEnds.js";
import type { Network, NetworkEvents } from "./network.js";
import type { InjectionStore, UntoldEnd } from "./store.js";
import { acceptSubmission, endedSubmission, type SubmittingParts } from "./submitting.js";

export interface GatewayParts
  extends Omit<LinkingParts, "counter">, Omit<SubmittingParts, "links"> {
  readonly accounts: LinkingParts["accounts"] & Pick<RelayAccountStore, "endAccount">;
  readonly network: Pick<Network, "inject" | "isConnected" | "tell" | "keepsWhatItIsTold">;
  readonly messages: InjectionStore;
  readonly reportFailure: InjectingParts["reportFailure"];
  /** Told of each step, for the numbers. */
  readonly note: (step: GatewayStep, count: number) => void;
}

export const GATEWAY_STEPS = [
  /** Envelopes that the network took, each time. */
  "injected",
  /** Those that the network answers for from here on; of other networks it is never known. */
  "taken",
  /** Accepted by the receiver's client. */
  "delivered",
  /** The network said that it will never take it. */
  "refused",
  /** Accepted from a user of the network. */
  "submitted",
  /** Taken by a relay node of its receiver. */
  "relayed",
  /** Not to be delivered; its sender is told. */
  "ended",
  "linked",
  "unlinked",
] as const;

export type GatewayStep = (typeof GATEWAY_STEPS)[number];

export interface MessagingGateway {
  /** For the network. */
  readonly events: NetworkEvents;
  /** The relay node keeps something new: this message, where that is known. */
  readonly kick: Injecting["kick"];
  /** To be called every second. Never rejects. */
  readonly poll: () => Promise<void>;
  /** Finds ends of submissions that got lost in a crash, and those that could not be told. Never rejects. */
  readonly findLostEnds: () => Promise<void>;
  /** What was carried has changed. Never rejects. */
  readonly onCarried: (message: OutgoingMessage) => Promise<void>;
  /** Resolves when nothing is injected any more, and nobody is told anything. */
  readonly idle: () => Promise<void>;
}

/** How often a client that starts gets everything again that it has not accepted. */
const STARTS = { limit: 6, periodSec: 60 };
const IN_ONE_READ = 200;

export function messagingGateway(parts: GatewayParts): MessagingGateway {
  const { network, links, messages, submissions, counter, note } = parts;
  const handed = handedOver();
  const inject: Injecting = injecting({
    ...{ ...parts, handedOver: handed },
    messages: {
      ...messages,
      noteInjected: async (account, numbers) => {
        note("injected", numbers.length);
        // what the network said meanwhile is no less than that
        const open = numbers.filter((number) => !handed.isEnded(account, number));
        if (open.length > 0) await messages.noteInjected(account, open);
      },
    },
  });

  async function end(
    native: NativeAddress,
    { hash, number, sent }: Parameters<NetworkEvents["taken"]>[1],
    step: "taken" | "delivered" | "refused",
  ): Promise<void> {
    const link = await links.linkOf(native);
    if (link === null) return;
    // another account, or one made anew, counts its messages with the same numbers
    if (!handed.was(link.account, number, hash)) {
      const envelope = await messages.envelopeOf(link.account, number);
      if (envelope !== null && hashOfServed(envelope) !== hash) return;
    }
    if (sent === undefined) {
      await messages.end(link.account, number, step === "taken" ? "injected" : step);
    } else {
      await messages.endSent(link.account, number, { ...sent, native, hash });
    }
    handed.end(link.account, number);
    note(step, 1);
  }

  const telling = new Set<Promise<void>>();

  /** Goes on by itself: the user's client waits for nothing of it. */
  function tellEnds(native: NativeAddress): void {
    const tell = async () => {
      for (const ended of await submissions.endedSubmissions(native)) {
        await network.tell({ to: native, ...ended });
      }
    };
    const told = tell()
      .catch(parts.reportFailure)
      .finally(() => telling.delete(told));
    telling.add(told);
  }

  /** Where one cannot be told, the others are all the same. */
  async function tellAllEnds(): Promise<void> {
    for (let after: UntoldEnd | null = null; ;) {
      const page: readonly UntoldEnd[] = await submissions.untoldEnds(after, IN_ONE_READ);
      for (const { native, ...ended } of page) {
        await network.tell({ to: native, ...ended }).catch(parts.reportFailure);
      }
      after = page.at(-1) ?? null;
      if (after === null || page.length < IN_ONE_READ) return;
    }
  }

  async function findEnds(): Promise<void> {
    await findLostEnds(parts, onCarried);
    if (network.keepsWhatItIsTold === true && network.isConnected()) await tellAllEnds();
  }

  const events: NetworkEvents = {
    connected: inject.startAgain,
    disconnected: () => undefined,
    greeting: (of) =>
      Promise.resolve({
        relayNode: parts.relayNode,
        name: givenName(parts, of),
        sizeLimit: parts.sizeLimit,
      }),
    linked: async (of, link) => {
      const { account, name, isNew } = await linkAccount(parts, of, link);
      note("linked", 1);
      const { limit, periodSec } = STARTS;
      // a link that was moved is followed however often; the wallet's limit above bounds it
      if (isNew || counter.take(`starts of ${name}`, limit, periodSec, 1) === null) {
        inject.startAgainWith(account);
        tellEnds(of);
      }
      return { name };
    },
    unlinked: async (of) => {
      await unlinkAccount(parts, of);
      note("unlinked", 1);
    },
    waiting: async (of) => {
      const link = await links.linkOf(of);
      if (link === null) return [];
      const page = await messages.unconfirmed(link.account, 0, IN_ONE_READ);
      return page.map((message) => deliveryOf(of, message));
    },
    left: async (of) => {
      await unlinkAccount(parts, of, parts.accounts.endAccount);
      note("unlinked", 1);
    },
    submitted: async (submission) => {
      const before = await acceptSubmission(parts, submission);
      if (before === null) note("submitted", 1);
      return before;
    },
    taken: (to, what) => end(to, what, "taken"),
    delivered: (to, what) => end(to, what, "delivered"),
    refused: (to, what) => end(to, what, "refused"),
    endNoted: (by, hash) => submissions.forgetSubmission(by, hash),
    exists: async (name: NormalName) => (await parts.directory.personOf(name)).profile !== null,
    hasCaughtUp: inject.hasCaughtUp,
  };

  async function onCarried(message: OutgoingMessage): Promise<void> {
    try {
      if (message.dueMs !== null) return;
      const ended = await endedSubmission(parts, message);
      note(ended === null ? "relayed" : "ended", 1);
      if (ended !== null && network.isConnected()) await network.tell(ended);
    } catch (error) {
      parts.reportFailure(error);
    }
  }

  return {
    events,
    kick: inject.kick,
    poll: inject.poll,
    idle: async () => {
      await Promise.all([inject.idle(), ...telling]);
    },
    onCarried,
    findLostEnds: () => findEnds().catch(parts.reportFailure),
  };
}
