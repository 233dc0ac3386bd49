/** What the receiver has had is gone, and nothing else. */
import type { Envelope } from "../../dm3/message/envelope.js";
import { type Exchange, membersOf } from "../exchange.js";
import type { Subject } from "../subject.js";
import { submit } from "./deliveryFacts.js";
import {
  acknowledge,
  type Acknowledgement,
  copiesIn,
  fetchMailbox,
  type Mailbox,
  type Session,
} from "./mailbox.js";

export interface AcknowledgementFacts {
  /** Of what matches nothing. */
  readonly ofNothing: Exchange;
  /** The hash with somebody else's name. */
  readonly ofOtherSender: Exchange;
  readonly leftAfterOther: number;
  readonly ofMessage: Exchange;
  readonly leftAfterwards: number;
  /** The acknowledged envelope, submitted once more. */
  readonly resubmit: Exchange;
  readonly leftAfterResubmit: number;
  readonly withoutSlash: Exchange;
}

export interface Acknowledged {
  readonly senderName: string;
  readonly envelope: Envelope;
  readonly mailbox: Mailbox;
}

/** Also takes away whatever else was kept of this examination. */
export async function acknowledgementFacts(
  subject: Subject,
  session: Session,
  { senderName, envelope, mailbox }: Acknowledged,
): Promise<AcknowledgementFacts> {
  const send = (list: readonly Acknowledgement[], slash?: string) =>
    acknowledge(subject, session, list, slash);
  const left = async () => copiesIn(await fetchMailbox(subject, session), envelope.message).length;
  const messageHash = hashOf(envelope);
  const contactAddress = senderName;

  const ofNothing = await send([{ contactAddress, messageHash: `0x${"00".repeat(32)}` }]);
  const ofOtherSender = await send([{ contactAddress: "somebody-else.eth", messageHash }]);
  const leftAfterOther = await left();
  const ofMessage = await send([{ contactAddress, messageHash }]);
  const leftAfterwards = await left();
  const resubmit = await submit(subject, envelope);
  const leftAfterResubmit = await left();
  const rest = (mailbox.envelopes ?? []).map((kept) => ({
    contactAddress,
    messageHash: hashOf(kept),
  }));
  const withoutSlash = await send([...rest, { contactAddress, messageHash }], "");
  return {
    ...{ ofNothing, ofOtherSender, leftAfterOther, ofMessage, leftAfterwards },
    ...{ resubmit, leftAfterResubmit, withoutSlash },
  };
}

/** Under whichever name it stands. */
function hashOf(envelope: unknown): string {
  const { messageHash, encryptedMessageHash } = membersOf(membersOf(envelope)["metadata"]);
  return String(messageHash ?? encryptedMessageHash);
}
