/** Fifty people who write: each submits again, as it is, until the relay node has accepted or refused it. */
import { setTimeout as delay } from "node:timers/promises";
import { encodeMessage } from "../../../src/dm3/message/encodeMessage.js";
import type { Envelope } from "../../../src/dm3/message/envelope.js";
import type { DeliveryServiceProfile } from "../../../src/dm3/profile/profile.js";
import { createGuardedFetcher } from "../../../src/net/guardedFetch.js";
import { submitEnvelope } from "../../../src/sending/submitEnvelope.js";
import type { Ledger } from "./ledger.js";
import type { SoakPerson } from "./people.js";

export interface SendingParts {
  readonly senders: readonly SoakPerson[];
  readonly receivers: readonly SoakPerson[];
  /** Of whom no message is wanted, by the first receiver. */
  readonly unwanted: SoakPerson;
  /** Has a profile, and no account. */
  readonly nobody: SoakPerson;
  readonly relayNode: { readonly name: string; readonly profile: DeliveryServiceProfile };
  readonly messages: number;
  readonly ledger: Ledger;
}

export interface Submits {
  /** Answers of "not now", and no answers: each was tried again. */
  readonly again: { later: number; unreachable: number };
}

/** One message of so many is one that has to be refused, by turns for each of the reasons. */
const REFUSED_EACH = 50;
const TEXT = "See you at the usual place at eight, and bring the book that you told me about.";
/** Over the size limit as it is encrypted. */
const TOO_LONG = "x".repeat(80_000);
const PAUSE_MS = { later: 500, unreachable: 150 };
const TIMEOUT_MS = 8_000;

/** Resolves when each message was decided. Rejects with what no relay node may answer. */
export async function sendAll(parts: SendingParts, submits: Submits): Promise<void> {
  const { senders, messages } = parts;
  const access = {
    fetcher: createGuardedFetcher({ allowLoopback: true }),
    timeoutMs: TIMEOUT_MS,
  };
  let next = 0;
  const work = async (sender: SoakPerson) => {
    for (let number = next++; number < messages; number = next++) {
      const id = `m${number}`;
      const envelope = await envelopeOf(parts, sender, number, id);
      await submitUntilDecided(envelope, id);
    }
  };

  async function submitUntilDecided(envelope: Envelope, id: string): Promise<void> {
    const { relayNode, ledger } = parts;
    for (;;) {
      const answer = await submitEnvelope(relayNode.profile.url, envelope, access);
      switch (answer.kind) {
        case "accepted":
          ledger.accepted(id);
          return;
        case "later":
        case "unreachable":
          submits.again[answer.kind]++;
          await delay(PAUSE_MS[answer.kind]);
          break;
        case "refused":
        case "sign-again":
          ledger.refused(id, answer.reason);
          return;
        case "other-hash-field":
          throw new Error(`${id} was not understood.`);
      }
    }
  }

  await Promise.all(senders.map(work));
}

async function envelopeOf(
  parts: SendingParts,
  sender: SoakPerson,
  number: number,
  id: string,
): Promise<Envelope> {
  const { receivers, unwanted, nobody, relayNode } = parts;
  const usual = receivers[number % receivers.length];
  const [first] = receivers;
  if (usual === undefined || first === undefined) throw new Error("Nobody receives.");
  const write = async (
    to: SoakPerson,
    { text = TEXT, from = sender, keys = sender.keys } = {},
  ): Promise<Envelope> => {
    const { envelopes } = await encodeMessage(
      { type: "NEW", text: `${id} ${text}`, from: from.name, to: to.name, timestampMs: Date.now() },
      {
        keys,
        receiver: { profile: to.signed.profile, relayNodes: [{ status: "found", ...relayNode }] },
      },
    );
    const envelope = envelopes[0]?.envelope;
    if (envelope === undefined) throw new Error("There is no envelope.");
    return envelope;
  };
  if (number % REFUSED_EACH !== REFUSED_EACH - 1) return write(usual);
  switch (Math.floor(number / REFUSED_EACH) % 4) {
    case 0:
      return write(nobody);
    case 1:
      return write(first, { from: unwanted, keys: unwanted.keys });
    case 2:
      return write(usual, { text: TOO_LONG });
    default:
      return write(usual, { keys: unwanted.keys });
  }
}
