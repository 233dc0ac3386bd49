/**
 * A DM3 user asks the bridge by a message who a person of the network is in DM3: any client can, and the message's signature says who
 * asks. The text is an address; the answer is the name, which is made where there is none yet.
 */
import type { NormalName } from "../../ens/normalize.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { domainOfSender } from "../../relay/senderDomain.js";
import type { Delivery, EnvelopeHash, NetworkEvents } from "../network.js";
import { type Answer, answerDm3 } from "./answerDm3.js";
import type { BridgeParts } from "./bridgeParts.js";
import type { VirtualUser } from "./custody.js";
import { aboutSender, ofSender } from "./ofSender.js";
import { opened } from "./sendNative.js";

type AskedParts = Pick<
  BridgeParts,
  "custody" | "directory" | "profileOf" | "itself" | "introduce" | "counter" | "reportFailure"
>;

/** A day, of one DM3 user and of all below one ENS domain: a stranger has endless names there. */
const MOST_QUESTIONS = { ofUser: 20, ofDomain: 1_000 };
const DAY_SEC = 24 * 3_600;
/** To the names below one ENS domain, a minute: a stranger has endless ones. */
const MOST_ANSWERS_TO_DOMAIN = 60;
/** Whoever asked waits for it, and strangers could fill the outbox with answers that nobody takes. */
const ANSWER_LIFETIME_MS = 3_600_000;
/** Questions that wait to be answered; beyond it, the oldest is counted once more when it is tried again. */
const MOST_PENDING = 10_000;

/** A question that is tried until it is answered. */
interface Pending {
  /** Null: it is answered by silence. Undefined: not known yet. */
  text: string | null | undefined;
}

export type AskedItself = (
  events: Pick<NetworkEvents, "submitted" | "taken" | "refused">,
  delivery: Delivery,
) => Promise<void>;

/** The returned function throws UNREACHABLE, DATABASE_UNAVAILABLE: the question is answered later then. */
export function askedItself(parts: AskedParts): AskedItself {
  const pending = new Map<EnvelopeHash, Pending>();

  /** Counted and introduced once, however often it is tried. */
  async function answerTo({ hash, from }: Delivery, question: string): Promise<string | null> {
    let known = pending.get(hash);
    if (known === undefined) {
      known = { text: overLimit(parts.counter, from) };
      pending.set(hash, known);
      const [oldest] = pending.keys();
      if (pending.size > MOST_PENDING && oldest !== undefined) pending.delete(oldest);
    }
    if (known.text === undefined) known.text = await introduced(parts, question, from);
    return known.text;
  }

  return async (events, delivery) => {
    const { to, from, hash, number } = delivery;
    const bridge = await parts.custody.userOf(parts.itself);
    if (bridge === null) throw new SignpostError("UNREACHABLE", "The bridge has no name yet.", {});
    const decoded = await opened(parts, bridge, delivery);
    if (decoded.is === "refused") {
      return events.refused(to, { hash, number, sentence: decoded.sentence });
    }
    const { content, messageHash: reference } = decoded.message;
    // an answer is a REPLY: two bridges do not go on answering one another
    if (content.type === "NEW") {
      // an address may be hard to find out about, and a name may not resolve: others' questions do not wait for that
      await aboutSender(async () => {
        const text = await answerTo(delivery, content.text);
        if (text === null) return;
        const answer = { to: from, reference, timestampMs: number, text };
        await submitAnswer(parts, events, bridge, answer);
      });
    }
    await events.taken(to, { hash, number });
    pending.delete(hash);
  };
}

/** What is said to a user who asked too often; the first answer that says so is enough. Undefined where the user did not. */
function overLimit(counter: AskedParts["counter"], from: NormalName): string | null | undefined {
  const domain = domainOfSender(from);
  for (const [who, limit, whose] of [
    [from, MOST_QUESTIONS.ofUser, "You"],
    [domain, MOST_QUESTIONS.ofDomain, `All of ${domain} together`],
  ] as const) {
    if (counter.take(`introductions asked by ${who}`, limit, DAY_SEC, 1) === null) continue;
    const isFirst = counter.take(`${from} asked too often`, 1, DAY_SEC, 1) === null;
    return isFirst ? `${whose} asked for ${limit} people today. Ask again tomorrow.` : null;
  }
  return undefined;
}

async function introduced(
  { introduce }: AskedParts,
  question: string,
  by: NormalName,
): Promise<string> {
  try {
    const { address, name } = await introduce(question.trim(), by);
    return `${address} is ${name} in DM3. Write there with an app that encrypts mail by OpenPGP: the bridge may not read it.`;
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST", "NOT_FOUND", "LIMIT_EXCEEDED")) throw error;
    return `${error.message} Send one mail address, such as bob@mail.example.`;
  }
}

/** Where there were too many answers already, the question waits: LIMIT_EXCEEDED. */
async function submitAnswer(
  parts: AskedParts,
  events: Pick<NetworkEvents, "submitted">,
  bridge: VirtualUser,
  answer: Answer,
): Promise<void> {
  const bucket = `questions answered to ${domainOfSender(answer.to)}`;
  const retryAfterSec = parts.counter.take(bucket, MOST_ANSWERS_TO_DOMAIN, 60, 1);
  if (retryAfterSec !== null) {
    const sentence = `More than ${MOST_ANSWERS_TO_DOMAIN} questions of one domain a minute.`;
    throw ofSender(new SignpostError("UNREACHABLE", sentence, { retryAfterSec }));
  }
  await answerDm3(parts, events, bridge, { ...answer, lifetimeMs: ANSWER_LIFETIME_MS });
}
