/** An account at the relay node: made by the wallet's profile, opened by the profile's key. */
import { randomBytes } from "node:crypto";
import { signText } from "../../dm3/keys/ed25519.js";
import { deriveSigningKeyPair } from "../../dm3/keys/keys.js";
import { type Exchange, isOk } from "../exchange.js";
import type { Account, Accounts, Subject } from "../subject.js";

export interface SignInFacts {
  readonly receiver: Account;
  /** Before anything was signed up. */
  readonly shownBefore: Exchange;
  /** The sender's profile under the receiver's name. */
  readonly foreignSignUp: Exchange;
  readonly signUp: Exchange;
  readonly shown: Exchange;
  /** A mailbox opened by the token that the sign-up gave. */
  readonly bySignUpToken: Exchange | null;
  readonly challenge: Exchange;
  /** The challenge signed by somebody else; null without a challenge. */
  readonly wrongSignature: Exchange | null;
  /** With a field that there is not. */
  readonly extraField: Exchange | null;
  readonly signIn: Exchange | null;
  /** The same challenge, answered once more. */
  readonly replay: Exchange | null;
  /** Null where nobody could sign in. */
  readonly token: string | null;
  /** The sender's mailbox with the receiver's token; null without a token. */
  readonly foreignMailbox: Exchange | null;
}

export async function signInFacts(
  subject: Subject,
  { sender, receiver }: Accounts,
): Promise<SignInFacts> {
  const { ask } = subject;
  const path = `/profile/${receiver.name}`;
  const auth = `/auth/${receiver.name}`;
  const mailbox = (name: string, token: string) =>
    ask({ method: "GET", path: `/delivery/messages/incoming/${name}`, token });

  const shownBefore = await ask({ method: "GET", path });
  const foreignSignUp = await ask({ method: "POST", path, body: sender.signed });
  const signUp = await ask({ method: "POST", path, body: receiver.signed });
  const shown = await ask({ method: "GET", path });
  const signUpToken = textIn(signUp);
  const bySignUpToken = signUpToken === null ? null : await mailbox(receiver.name, signUpToken);

  const challenge = await ask({ method: "GET", path: auth });
  const text = textIn(challenge);
  const facts = {
    ...{ receiver, shownBefore, foreignSignUp, signUp, shown, bySignUpToken, challenge },
  };
  if (text === null) return { ...facts, ...NOBODY_SIGNED_IN };

  const answer = (body: object) => ask({ method: "POST", path: auth, body });
  const stranger = deriveSigningKeyPair(new Uint8Array(randomBytes(32)));
  const right = {
    challenge: text,
    signature: signText(receiver.keys.signingKeyPair.privateKey, text),
  };
  const wrongSignature = await answer({
    challenge: text,
    signature: signText(stranger.privateKey, text),
  });
  const extraField = await answer({ ...right, foo: 1 });
  const signIn = await answer(right);
  const token = textIn(signIn);
  return {
    ...{ ...facts, wrongSignature, extraField, signIn, token },
    replay: await answer(right),
    foreignMailbox: token === null ? null : await mailbox(sender.name, token),
  };
}

const NOBODY_SIGNED_IN = {
  ...{ wrongSignature: null, extraField: null, signIn: null },
  ...{ replay: null, token: null, foreignMailbox: null },
} as const;

/** Challenges and tokens are JSON texts. */
function textIn(exchange: Exchange): string | null {
  return isOk(exchange) && typeof exchange.json === "string" ? exchange.json : null;
}
