/** Why a message is not with the gateway, where that is no answer of anybody. */
import type { WhyNot } from "../sending/outgoingMessage.js";

export const NOT_OPEN: WhyNot = {
  reason: "unreachable",
  sentence: "There is no connection to the gateway now. It is sent as soon as there is one.",
};

export const TOO_LARGE: WhyNot = {
  reason: "too-large",
  sentence: "The message is larger than the gateway takes. Send large attachments as references.",
};
