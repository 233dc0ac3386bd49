/** Who gets into a mailbox. */
import { failed, notApplicable, passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { isOk, isRefused, membersOf, statusOf, told } from "../exchange.js";
import type { SignInFacts } from "../facts/signInFacts.js";
import { refusedWith } from "./findings.js";

const WITHOUT_CHALLENGE = notApplicable("there is no challenge to answer");
const WITHOUT_TOKEN = notApplicable("there is no token to try");

const foreignSignUp: Check<SignInFacts> = {
  id: "sign-up-foreign",
  examine: ({ foreignSignUp: exchange }) =>
    isRefused(exchange)
      ? passed("a profile that another wallet signed is refused")
      : failed(
          `a profile that another wallet signed: ${told(exchange)}`,
          "Check that the wallet at the name's address signed the profile.",
        ),
};

const signUp: Check<SignInFacts> = {
  id: "sign-up",
  examine: ({ signUp: exchange }) =>
    isOk(exchange) && typeof exchange.json === "string"
      ? passed("an account is made, and a token given")
      : failed(
          `POST /profile/<name> with the profile that ENS shows: ${told(exchange)}`,
          "Answer 200 with a token as JSON text. See that the node reads the same ENS.",
        ),
};

const shown: Check<SignInFacts> = {
  id: "account-shown",
  examine({ shown: exchange, receiver }) {
    const isSame =
      isOk(exchange) && membersOf(exchange.json)["signature"] === receiver.signed.signature;
    return isSame
      ? passed("GET /profile/<name> shows the profile of the sign-up")
      : failed(
          `GET /profile/<name> after the sign-up: ${told(exchange)}`,
          "Answer 200 with {profile, signature}: dm3's client signs up again whenever it does not see them.",
        );
  },
};

const signUpToken: Check<SignInFacts> = {
  id: "sign-up-token",
  examine({ bySignUpToken: exchange, shownBefore }) {
    if (exchange === null) return WITHOUT_TOKEN;
    // where the owner signed in once, a token that everybody can get may open nothing any more
    if (isOk(shownBefore)) return notApplicable("the account was there before");
    return isOk(exchange)
      ? passed("the token of the sign-up opens the new account")
      : warning(
          `the token of the sign-up does not open the account: ${told(exchange)}`,
          "Let it count for the name of the sign-up: otherwise dm3's client signs in and up again at each 401.",
        );
  },
};

const challenge: Check<SignInFacts> = {
  id: "challenge",
  examine: ({ challenge: exchange }) =>
    isOk(exchange) && typeof exchange.json === "string"
      ? passed("GET /auth/<name> gives a challenge")
      : failed(
          `GET /auth/<name>: ${told(exchange)}`,
          "Answer 200 with the challenge as JSON text.",
        ),
};

const wrongSignature: Check<SignInFacts> = {
  id: "sign-in-wrong-key",
  examine({ wrongSignature: exchange }) {
    if (exchange === null) return WITHOUT_CHALLENGE;
    return refusedWith(
      exchange,
      [400],
      "a challenge that another key signed",
      "Check the signature with the key of the profile that ENS shows now; answer 400 with Signature invalid.",
    );
  },
};

const extraField: Check<SignInFacts> = {
  id: "sign-in-schema",
  examine({ extraField: exchange }) {
    if (exchange === null) return WITHOUT_CHALLENGE;
    return isRefused(exchange)
      ? passed("a field that there is not is refused")
      : warning(
          `an answer to the challenge with a field that there is not: ${told(exchange)}`,
          "Take {challenge, signature} alone, as dm3's servers do.",
        );
  },
};

const signIn: Check<SignInFacts> = {
  id: "sign-in",
  examine({ signIn: exchange, token }) {
    if (exchange === null) return WITHOUT_CHALLENGE;
    return token !== null
      ? passed("the profile's key opens the account")
      : failed(
          `POST /auth/<name> with the challenge, signed by the profile's key: ${told(exchange)}`,
          "Answer 200 with a token as JSON text. The signature is Ed25519 over the text of the challenge.",
        );
  },
};

const replay: Check<SignInFacts> = {
  id: "challenge-once",
  examine({ replay: exchange }) {
    if (exchange === null) return WITHOUT_CHALLENGE;
    return isRefused(exchange)
      ? passed("a challenge is answered once")
      : warning(
          `the same answer to the challenge, once more: ${told(exchange)}`,
          "Let a challenge count once: whoever sees an answer can use it again.",
        );
  },
};

const foreignMailbox: Check<SignInFacts> = {
  id: "mailbox-of-others",
  examine({ foreignMailbox: exchange }) {
    if (exchange === null) return WITHOUT_TOKEN;
    return [401, 403, 404].includes(statusOf(exchange) ?? 0)
      ? passed(told(exchange))
      : failed(
          `the sender's mailbox with the receiver's token: ${told(exchange)}`,
          "Compare the token's account with the name that is asked for.",
        );
  },
};

export const SIGN_IN_CHECKS: readonly Check<SignInFacts>[] = [
  ...[foreignSignUp, signUp, shown, signUpToken],
  ...[challenge, wrongSignature, extraField, signIn, replay, foreignMailbox],
];
