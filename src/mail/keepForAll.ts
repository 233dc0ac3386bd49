/** A proven mail is kept for each of its recipients; of those who refuse it for good, its author is told once. */
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { within } from "../fetch/within.js";
import type { NativeAddress } from "../messaging/address/nativeAddress.js";
import type { IncomingNative, NativeEvents } from "../messaging/bridge/nativeTransport.js";
import { isPassing } from "./passing.js";
import { inOnePiece, type ReceivedMail } from "./receivedMail.js";
import { digestOfMail, type RecentMails } from "./recentMails.js";
import type { Recipient } from "./recipients.js";
import { overLimit, refusedByRecipient, tryLater } from "./smtpReply.js";

export interface KeepingParts {
  readonly events: NativeEvents;
  readonly recent: RecentMails;
  /** Of a mail that others of its recipients took. Rejects where the author could not be told. */
  readonly notDelivered: (
    from: NativeAddress,
    to: NormalName,
    sentence: string,
    mail: Uint8Array,
  ) => Promise<void>;
}

export interface ProvenMail {
  readonly mail: ReceivedMail;
  readonly from: NativeAddress;
  readonly recipients: readonly Recipient[];
  /** Called when somebody keeps it, before anybody is told anything. */
  readonly learnt: () => Promise<void>;
}

/** In ms; servers wait ten minutes for the answer (RFC 5321, section 4.5.3.2.6). */
const LONGEST_KEEPING = 60_000;

/** @throws SmtpRefusal where all refuse it; where it has to come again, what the ports throw */
export async function keepForAll(
  { mail, from, recipients, learnt }: ProvenMail,
  { events, recent, notDelivered }: KeepingParts,
): Promise<void> {
  const bytes = await inOnePiece(mail);
  const users = recipients.filter((one) => one.is === "user");
  const refused: { readonly to: NormalName; readonly digest: string; readonly sentence: string }[] =
    [];
  let settled = 0;
  for (const { name: to } of users) {
    const digest = digestOfMail(from, mail.bodyHash, to);
    // it comes again for all when one of several had to wait
    if (users.length > 1 && (await events.isTold({ from, to, digest }))) {
      settled++;
      continue;
    }
    try {
      await recent.once(digest, () => keep(events, { from, to, bytes, digest }));
      settled++;
    } catch (error) {
      // what was kept for others until then is told by its digest when the mail comes again
      if (isSignpostError(error, "LIMIT_EXCEEDED")) throw overLimit(inAscii(error.message));
      if (!isForGood(error)) throw error;
      refused.push({ to, digest, sentence: inAscii(error.message) });
    }
  }
  const [first] = refused;
  if (first !== undefined && settled === 0) throw refusedByRecipient(first.sentence);
  await learnt();
  for (const { to, digest, sentence } of refused) {
    await notDelivered(from, to, sentence, bytes);
    await events.noteTold({ from, to, digest });
  }
}

async function keep(events: NativeEvents, message: IncomingNative): Promise<void> {
  return within(LONGEST_KEEPING, events.received(message), () => {
    throw tryLater();
  });
}

function isForGood(error: unknown): error is SignpostError {
  return isSignpostError(error) && !isPassing(error) && error.code !== "INTERNAL";
}

function inAscii(sentence: string): string {
  return foreignText(sentence, 400).replace(/[^ -~]/g, "?");
}
