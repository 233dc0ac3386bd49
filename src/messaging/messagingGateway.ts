/** A messaging gateway: what happens in its network, and what then has to be done. */
import type { Address } from "../ens/address.js";
import type { NormalName } from "../ens/normalize.js";
import type { OutgoingMessage } from "../sending/outgoingMessage.js";
import type { NativeAddress } from "./address/nativeAddress.js";
import { hashOfServed, type Injecting, injecting, type InjectingParts } from "./injecting.js";
import { givenName, linkAccount, type LinkingParts, unlinkAccount } from "./linking.js";
import { findLostEnds } from "./lostEnds.js";
import type { EnvelopeHash, Network, NetworkEvents } from "./network.js";
import type { InjectionStore } from "./store.js";
import { acceptSubmission, endedSubmission, type SubmittingParts } from "./submitting.js";

export interface GatewayParts extends LinkingParts, Omit<SubmittingParts, "links"> {
  readonly network: Pick<Network, "inject" | "isConnected" | "tell">;
  readonly messages: InjectionStore;
  readonly reportFailure: InjectingParts["reportFailure"];
  /** Told of each step, for the numbers. */
  readonly note: (step: GatewayStep, count: number) => void;
}

export const GATEWAY_STEPS = [
  /** Envelopes that the network took, each time. */
  "injected",
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
  /** The relay node keeps something new. */
  readonly kick: (account: Address) => void;
  /** To be called every second. Never rejects. */
  readonly poll: () => Promise<void>;
  /** Finds ends of submissions that got lost in a crash. Never rejects. */
  readonly findLostEnds: () => Promise<void>;
  /** What was carried has changed. Never rejects. */
  readonly onCarried: (message: OutgoingMessage) => Promise<void>;
  /** Resolves when no injection is under way. */
  readonly idle: () => Promise<void>;
}

/** How often a client that starts gets everything again that it has not accepted. */
const STARTS = { limit: 6, periodSec: 60 };

export function messagingGateway(parts: GatewayParts): MessagingGateway {
  const { network, links, messages, submissions, counter, note } = parts;
  const inject: Injecting = injecting({
    ...parts,
    messages: {
      ...messages,
      noteInjected: async (account, numbers) => {
        note("injected", numbers.length);
        await messages.noteInjected(account, numbers);
      },
    },
  });

  async function end(
    native: NativeAddress,
    { hash, number }: { readonly hash: EnvelopeHash; readonly number: number },
    state: "delivered" | "refused",
  ): Promise<void> {
    const link = await links.linkOf(native);
    if (link === null) return;
    // another account, or one made anew, counts its messages with the same numbers
    const envelope = await messages.envelopeOf(link.account, number);
    if (envelope !== null && hashOfServed(envelope) !== hash) return;
    await messages.end(link.account, number, state);
    note(state, 1);
  }

  async function tellEnds(native: NativeAddress): Promise<void> {
    for (const ended of await submissions.endedSubmissions(native)) {
      await network.tell({ to: native, ...ended });
    }
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
        tellEnds(of).catch(parts.reportFailure);
      }
      return { name };
    },
    unlinked: async (of) => {
      await unlinkAccount(parts, of);
      note("unlinked", 1);
    },
    submitted: async (submission) => {
      await acceptSubmission(parts, submission);
      note("submitted", 1);
    },
    delivered: (to, what) => end(to, what, "delivered"),
    refused: (to, what) => end(to, what, "refused"),
    endNoted: (by, hash) => submissions.forgetSubmission(by, hash),
    exists: async (name: NormalName) => (await parts.directory.personOf(name)).profile !== null,
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
    idle: inject.idle,
    onCarried,
    findLostEnds: () => findLostEnds(parts, onCarried).catch(parts.reportFailure),
  };
}
