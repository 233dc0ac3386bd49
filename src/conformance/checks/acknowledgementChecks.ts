/** What becomes of messages that the receiver has had. */
import { failed, passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { isAccepted, isOk, told } from "../exchange.js";
import type { AcknowledgementFacts } from "../facts/acknowledgementFacts.js";

const ofNothing: Check<AcknowledgementFacts> = {
  id: "acknowledge-nothing",
  examine: ({ ofNothing: exchange }) =>
    isOk(exchange)
      ? passed("what matches nothing is passed over")
      : failed(
          `the acknowledgement of a message that there is not: ${told(exchange)}`,
          "Answer 200: dm3's client sends each hash with each of its contacts.",
        ),
};

const ofOtherSender: Check<AcknowledgementFacts> = {
  id: "acknowledge-sender",
  examine: ({ leftAfterOther }) =>
    leftAfterOther > 0
      ? passed("the sender's name has to match as well")
      : failed(
          "an acknowledgement with somebody else's name took the message away",
          "Match sender and hash: clients acknowledge hashes with the names of all contacts.",
        ),
};

const ofMessage: Check<AcknowledgementFacts> = {
  id: "acknowledge",
  examine({ ofMessage: exchange, leftAfterwards }) {
    if (!isOk(exchange)) {
      return failed(`an acknowledgement: ${told(exchange)}`, "Answer 200 with an empty body.");
    }
    return leftAfterwards === 0
      ? passed("it takes the message away")
      : failed(
          `${leftAfterwards} copies of the acknowledged message are left`,
          "Take away every copy with this sender and hash.",
        );
  },
};

const staysGone: Check<AcknowledgementFacts> = {
  id: "acknowledged-stays-gone",
  examine({ resubmit, leftAfterResubmit, leftAfterwards }) {
    if (!isAccepted(resubmit)) {
      return warning(
        `an acknowledged envelope, submitted once more: ${told(resubmit)}`,
        "Accept it, and keep nothing: a sender whose connection broke cannot know that it arrived.",
      );
    }
    return leftAfterResubmit <= leftAfterwards
      ? passed("submitted once more, it does not come again")
      : warning(
          "an acknowledged message comes again when somebody submits its envelope once more",
          "Remember what was acknowledged for as long as messages live.",
        );
  },
};

const withoutSlash: Check<AcknowledgementFacts> = {
  id: "acknowledge-slash",
  examine: ({ withoutSlash: exchange }) =>
    isOk(exchange)
      ? passed("with and without a slash at the end")
      : failed(`without a slash at the end: ${told(exchange)}`, "Answer both."),
};

export const ACKNOWLEDGEMENT_CHECKS: readonly Check<AcknowledgementFacts>[] = [
  ...[ofNothing, ofOtherSender, ofMessage, staysGone, withoutSlash],
];
