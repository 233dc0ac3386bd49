/** The half of a messenger that sends: its outbox, which the gateway empties while the account is linked, and how messages end. */
import { createAttachments } from "../messenger/attachments.js";
import { startOutgoing } from "../messenger/outgoing.js";
import type { OutgoingReport } from "../messenger/outgoingReport.js";
import { createReceipts } from "../messenger/receipts.js";
import { createWriting } from "../messenger/writing.js";
import { keyValueOutbox } from "../sending/keyValueOutbox.js";
import type { WhyNot } from "../sending/outgoingMessage.js";
import { createAnswers } from "./answers.js";
import { createEnds, isAgain } from "./ends.js";
import type { Ground } from "./ground.js";
import type { Session } from "./presenceSession.js";
import { notedStanza } from "./stanzas.js";
import { createSubmissions } from "./submissions.js";
import { throughGateway } from "./submitting.js";
import { createUploading } from "./uploading.js";
import { NOT_OPEN } from "./whyNot.js";
import type { XmppMessengerOptions } from "./xmppMessengerOptions.js";

const DEFAULT_INLINE_CHARS = 48_000;

/** @param session asked for when a message is due, which is later than now */
export function startSending(
  ground: Ground,
  options: Pick<XmppMessengerOptions, "inlineAttachmentChars" | "onOutgoing" | "patience">,
  session: () => Pick<Session, "linkAgain" | "linked">,
) {
  const { jids, keys, store, nowMs, chance, account, contacts, access, profileOf, onDefect } =
    ground;
  const ownName = () => account.ownName();
  const answers = createAnswers(ground.answerMs);
  const submissions = createSubmissions(store, nowMs);
  const outbox = keyValueOutbox(store);
  const outgoing = startOutgoing({
    ...{ keys, outbox, chance, nowMs, onDefect, ownName, profileOf, access },
    advance: throughGateway({
      ...{ jids, submissions, answers, send: ground.send },
      gateway: () => session().linked(),
      linkAgain: () => {
        session().linkAgain();
      },
    }),
    patience: options.patience ?? {},
    onOutgoing: progressed,
  });
  const ends = createEnds({
    ...{ submissions, outgoing },
    note: (address, hash) => ground.sayOnce(notedStanza(address, hash)),
  });
  const attachments = createAttachments({
    ...{ engine: keys.engine, access },
    relayNodes: createUploading({ keys, access, clock: { nowMs, chance }, ownName, profileOf }),
    inlineChars: options.inlineAttachmentChars ?? DEFAULT_INLINE_CHARS,
  });

  function progressed(report: OutgoingReport): void {
    void ends.progressed(report).catch(onDefect);
    if (!isAgain(report.id)) options.onOutgoing?.(report);
    // the way was opened while the message was put back
    const isClosed = (why: WhyNot | null) => why?.sentence === NOT_OPEN.sentence;
    if (report.state === null && isClosed(report.why) && session().linked() !== null) hasten();
  }

  function hasten(): void {
    outbox
      .hasten(nowMs())
      .then(() => {
        outgoing.wake();
      })
      .catch(onDefect);
  }

  return {
    ...{ outgoing, answers, ends, attachments, hasten },
    send: createWriting({ attachments, outgoing, ownName, nowMs }),
    receipts: createReceipts({ outgoing, contacts, onDefect }),
  };
}
