/** What the receiver fetches. */
import { failed, notApplicable, passed, warning } from "../../doctor/line.js";
import { foreignText } from "../../fetch/foreignText.js";
import type { Check } from "../check.js";
import { membersOf, told } from "../exchange.js";
import type { DeliveryFacts } from "../facts/deliveryFacts.js";
import { afterSubmit } from "./submitChecks.js";

const NOTHING = notApplicable("the message is not in the mailbox");

const fetched = afterSubmit("fetch", ({ mailbox, copies }) => {
  if (mailbox.envelopes === null) {
    return failed(
      `the mailbox is no list of envelopes: ${told(mailbox.exchange)}`,
      "Answer 200 with a JSON list.",
    );
  }
  return copies.length > 0
    ? passed("what was accepted is in the mailbox")
    : failed(
        "what was accepted is not in the mailbox",
        "Answer a submit only when the message is kept.",
      );
});

const information = afterSubmit("delivery-information", ({ copies }, { senderName }) => {
  const [envelope] = copies;
  if (envelope === undefined) return NOTHING;
  const { deliveryInformation } = membersOf(membersOf(envelope)["metadata"]);
  if (typeof deliveryInformation !== "object" || deliveryInformation === null) {
    return failed(
      "metadata.deliveryInformation is not decrypted",
      "Serve it as an object: dm3's client reads its member from, and fails to start without.",
    );
  }
  const { from } = membersOf(deliveryInformation);
  return from === senderName.toLowerCase()
    ? passed("an object, with the sender in lower case")
    : failed(
        `deliveryInformation.from is ${foreignText(JSON.stringify(from ?? null), 80)}`,
        "Serve the sender's name in lower case: by it clients group messages and acknowledge them.",
      );
});

const hashes = afterSubmit("served-hash", ({ copies }) => {
  const [envelope] = copies;
  if (envelope === undefined) return NOTHING;
  const { messageHash, encryptedMessageHash } = membersOf(membersOf(envelope)["metadata"]);
  if (messageHash === undefined && encryptedMessageHash === undefined) {
    return failed("no hash is served", "Serve the hash that was sent: clients acknowledge by it.");
  }
  return messageHash === undefined
    ? warning(
        "the hash is served as encryptedMessageHash alone",
        "Serve it under both names: dm3's web client takes all messages without messageHash for one.",
      )
    : passed(encryptedMessageHash === undefined ? "messageHash" : "under both names");
});

const decoded = afterSubmit("message-intact", ({ decoded: message }) => {
  if (message === null) return NOTHING;
  if (typeof message !== "string") return passed(`${message.checks.length} checks passed`);
  if (message.startsWith("WRONG_POSTMARK")) return passed("all but its postmark");
  return failed(
    `a receiver refuses it: ${foreignText(message)}`,
    "Serve message and metadata as they came.",
  );
});

const POSTMARK_ADVICE =
  "Make it as docs/relay-wire.md says, by the keys of the record, encrypted for the key that the receiver has in ENS now.";

const postmark = afterSubmit("postmark", ({ decoded: message }) => {
  if (message === null) return NOTHING;
  if (typeof message === "string") {
    return message.startsWith("WRONG_POSTMARK")
      ? failed(foreignText(message), POSTMARK_ADVICE)
      : notApplicable("the message could not be read");
  }
  return message.incomingTimestampMs === null
    ? failed("the envelope has no postmark", POSTMARK_ADVICE)
    : passed("about this envelope, and signed by the key of the record");
});

const proof = afterSubmit("sender-provable", ({ decoded: message }) => {
  if (message === null || typeof message === "string") return NOTHING;
  return message.checks.includes("metadataSignature")
    ? passed("the receiver can check the sender's signature over the metadata")
    : warning(
        "the receiver cannot check the sender's signature over the metadata",
        "Keep the encrypted delivery information beside the decrypted one, as metadata.encryptedDeliveryInformation.",
      );
});

export const FETCH_CHECKS: readonly Check<DeliveryFacts>[] = [
  ...[fetched, information, hashes],
  ...[decoded, postmark, proof],
];
