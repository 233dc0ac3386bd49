/** What a stranger gets from the routes of mailboxes. */
import { passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { statusOf, told } from "../exchange.js";
import type { RouteFacts } from "../facts/routeFacts.js";
import { noneBroke, refusedWith } from "./findings.js";

/** While ENS cannot be read, nobody knows who has no account. */
const UNKNOWN = [400, 404, 503];

const profileOfNobody: Check<RouteFacts> = {
  id: "profile-of-nobody",
  examine: ({ profileOfNobody: exchange }) =>
    refusedWith(
      exchange,
      UNKNOWN,
      "the profile of a name that nobody has",
      "Answer 400 for a name without an address, and 404 for one without an account.",
    ),
};

const challengeOfNobody: Check<RouteFacts> = {
  id: "challenge-of-nobody",
  examine: ({ challengeOfNobody: exchange }) =>
    refusedWith(
      exchange,
      UNKNOWN,
      "a challenge for a name without an account",
      "Answer 404; never 401, at which dm3's client asks again without end.",
    ),
};

const TOKEN_ADVICE = "Answer 401 without a token that counts, whoever the name is.";

const fetching: Check<RouteFacts> = {
  id: "fetch-needs-token",
  examine: ({ fetchWithoutToken: exchange }) =>
    refusedWith(exchange, [401], "a mailbox without a token", TOKEN_ADVICE),
};

const badToken: Check<RouteFacts> = {
  id: "fetch-bad-token",
  examine: ({ fetchWithBadToken: exchange }) =>
    refusedWith(exchange, [401], "a mailbox with a token that is none", TOKEN_ADVICE),
};

const acknowledging: Check<RouteFacts> = {
  id: "acknowledge-needs-token",
  examine: ({ acknowledgeWithoutToken: exchange }) =>
    refusedWith(exchange, [401], "acknowledgements without a token", TOKEN_ADVICE),
};

const slashes: Check<RouteFacts> = {
  id: "routes-slash",
  examine({ fetchWithSlash, fetchWithoutToken, acknowledgeWithSlash, acknowledgeWithoutToken }) {
    const isSame =
      statusOf(fetchWithSlash) === statusOf(fetchWithoutToken) &&
      statusOf(acknowledgeWithSlash) === statusOf(acknowledgeWithoutToken);
    return isSame
      ? passed("a slash at the end changes nothing")
      : warning(
          `with a slash at the end: ${told(fetchWithSlash)} and ${told(acknowledgeWithSlash)}`,
          "Answer paths with and without a slash: dm3's client writes syncAcknowledgements/.",
        );
  },
};

const malformed: Check<RouteFacts> = {
  id: "malformed-requests",
  examine: ({ malformed: tried }) =>
    noneBroke(tried, "Check names and bodies before they are used, and answer 400."),
};

export const ROUTE_CHECKS: readonly Check<RouteFacts>[] = [
  ...[profileOfNobody, challengeOfNobody, fetching, badToken, acknowledging],
  ...[slashes, malformed],
];
