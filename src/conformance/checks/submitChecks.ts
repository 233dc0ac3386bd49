/** What is accepted of a sender, and what is not. */
import { failed, type Finding, notApplicable, passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { type Exchange, isAccepted, isRefused, told } from "../exchange.js";
import type { DeliveredFacts, DeliveryFacts } from "../facts/deliveryFacts.js";

/** A check of a relay node that accepted something. */
export function afterSubmit(
  id: string,
  rule: (facts: DeliveredFacts, all: DeliveryFacts) => Finding,
): Check<DeliveryFacts> {
  return {
    id,
    examine: (facts) =>
      facts.rest === null ? notApplicable("no message was accepted") : rule(facts.rest, facts),
  };
}

const submitted: Check<DeliveryFacts> = {
  id: "submit",
  examine: ({ submits, accepted }) =>
    accepted !== null
      ? passed(`an envelope with ${accepted.hashField} is accepted`)
      : failed(
          `dm3_submitMessage: with messageHash ${told(submits.messageHash)}, with encryptedMessageHash ${told(submits.encryptedMessageHash)}`,
          "See that the record in ENS has the node's present keys, and that the node finds both names in the same ENS.",
        ),
};

const bothHashes: Check<DeliveryFacts> = {
  id: "hash-names",
  examine({ submits, accepted }) {
    if (accepted === null) return notApplicable("no message was accepted");
    const refused = (["messageHash", "encryptedMessageHash"] as const).find(
      (field) => !isAccepted(submits[field]),
    );
    return refused === undefined
      ? passed("messageHash and encryptedMessageHash")
      : warning(
          `${refused} is refused: ${told(submits[refused])}`,
          "Take either name: dm3's servers and clients write messageHash, npm 1.7.1 the other one.",
        );
  },
};

const asObject = afterSubmit("submit-object", ({ asObject: exchange }) =>
  isAccepted(exchange)
    ? passed("the envelope is taken as an object as well")
    : warning(
        `the envelope as an object, as DM3's specification has it: ${told(exchange)}`,
        "Take JSON text and objects.",
      ),
);

const resubmit = afterSubmit("resubmit", ({ resubmit: exchange }) =>
  isAccepted(exchange)
    ? passed("the same envelope is accepted again")
    : failed(
        `the same envelope once more: ${told(exchange)}`,
        "Accept it again: a sender whose connection broke cannot know that it arrived.",
      ),
);

const oneCopy = afterSubmit("one-copy", ({ copies }) => {
  if (copies.length === 0) return notApplicable("the message is not in the mailbox");
  return copies.length === 1
    ? passed("submitted twice, kept once")
    : warning(
        `an envelope that was submitted twice is kept ${copies.length} times`,
        "Keep it once, told by receiver, sender, hash and ciphertext, after its signature was checked.",
      );
});

/** The reference checks no signature, so receivers cannot rely on it. */
function unverified(exchange: Exchange, what: string): Finding {
  if (isRefused(exchange)) return passed(`${what} is refused`);
  return warning(
    `${what}: ${told(exchange)}`,
    "Check metadata.signature with the key that the sender's name has in ENS: otherwise anybody writes as anybody.",
  );
}

const byStranger = afterSubmit("sender-verified", ({ byStranger: exchange }) =>
  unverified(exchange, "an envelope in the sender's name, signed by another key"),
);

const otherSignature = afterSubmit("signature-verified", ({ otherSignature: exchange }) =>
  unverified(exchange, "an envelope of the sender with another signature"),
);

const closedMetadata = afterSubmit("closed-metadata", ({ extraMetadata: exchange }) =>
  isRefused(exchange)
    ? passed("metadata with a field that there is not is refused")
    : warning(
        `metadata with a field that there is not: ${told(exchange)}`,
        "Refuse it with 400 and invalid schema, as dm3's servers do.",
      ),
);

const toNobody = afterSubmit("receiver-unknown", ({ toNobody: exchange }) =>
  isRefused(exchange) || (exchange.kind === "answered" && exchange.status === 503)
    ? passed(told(exchange))
    : failed(
        `a message to a name that nobody has: ${told(exchange)}`,
        "Refuse it: the sender would believe that it arrived.",
      ),
);

const oversize = afterSubmit("size-limit-enforced", ({ oversize: exchange }) => {
  if (exchange === null) return notApplicable("sizeLimit is not told, or too long to try");
  return isRefused(exchange)
    ? passed("a true envelope that is too long is refused")
    : failed(
        `a true envelope that is too long: ${told(exchange)}`,
        "Refuse what is over sizeLimit.",
      );
});

export const SUBMIT_CHECKS: readonly Check<DeliveryFacts>[] = [
  ...[submitted, bothHashes, asObject, resubmit, oneCopy],
  ...[byStranger, otherSignature, closedMetadata, toNobody, oversize],
];
