/** How a person becomes known to the service, and is forgotten by it. */
import { createWalletClient, failedAnswerOf, isSignpostError } from "../../sdk/index.js";
import type { Wallet } from "../page-parts/wallets.js";
import { clientOf, serviceUrl } from "./serviceClient.js";
import type { SignedIn } from "./signedIn.js";
import { type Trouble, troubleOf } from "./trouble.js";

/** What keeps somebody from signing in, and at which field it is told. */
export class SignInProblem extends Error {
  constructor(
    readonly field: "api-key" | "domain-name" | "wallet",
    sentence: string,
  ) {
    super(sentence);
  }
}

/** Throws SignInProblem. */
export async function signInByKey(apiKey: string): Promise<SignedIn> {
  try {
    const { domain } = await clientOf(apiKey).domain();
    return { apiKey, domain, session: null };
  } catch (thrown) {
    throw new SignInProblem("api-key", keySentence(troubleOf(thrown)));
  }
}

function keySentence({ kind, message }: Trouble): string {
  switch (kind) {
    case "signedOut":
      return "The service does not know this key: it was revoked, or is another service’s.";
    case "mayNot":
      return "This key may not read names. Use one with the scope names:read.";
    case "notOffered":
      return "There is no service API at this address. Open the page of the service that runs it.";
    case "absent":
    case "changed":
    case "refused":
    case "tooMuch":
    case "unknown":
      return message;
  }
}

interface SessionWish {
  readonly domain: string;
  readonly wallet: Wallet;
  readonly isOnlyLooking: boolean;
}

/** The wallet signs once, by typed data as for its names. Throws SignInProblem. */
export async function openSession({
  domain,
  wallet,
  isOnlyLooking,
}: SessionWish): Promise<SignedIn> {
  const client = createWalletClient({ url: serviceUrl(), wallet: wallet.provider });
  const scopes = isOnlyLooking ? (["names:read"] as const) : SCOPES;
  try {
    const { apiKey, domain: ofDomain, ...session } = await client.openSession(domain, scopes);
    const { wallet: address, expiresAtMs } = session;
    return { apiKey, domain: ofDomain, session: { wallet: address, expiresAtMs } };
  } catch (thrown) {
    throw sessionProblem(thrown);
  }
}

/** What this page does, and no more: it writes no record and no profile. */
const SCOPES = ["names:read", "domain:admin"] as const;

/** EIP-1193: the person said no. */
const DECLINED = 4001;
const LONGEST_REASON = 300;
const NO_SESSIONS = "This service knows no sessions of wallets. Use an API key.";

function sessionProblem(thrown: unknown): SignInProblem {
  const { code, message } = Object(thrown) as { code?: unknown; message?: unknown };
  if (code === DECLINED) {
    return new SignInProblem("wallet", "You declined in the wallet, so nothing was signed.");
  }
  const sentence = typeof message === "string" ? message : String(thrown);
  if (!isSignpostError(thrown)) {
    return new SignInProblem("wallet", `The wallet says: ${sentence.slice(0, LONGEST_REASON)}`);
  }
  // a path where nothing is
  if (isSignpostError(thrown, "NOT_FOUND")) return new SignInProblem("wallet", NO_SESSIONS);
  // no name, or one that lies under no domain here
  const isOfDomain =
    isSignpostError(thrown, "INVALID_NAME") || failedAnswerOf(thrown)?.status === 404;
  return new SignInProblem(isOfDomain ? "domain-name" : "wallet", sentence);
}

/**
 * Ends a session at the service; an API key stays what it is. False where the service could not be told: then the
 * session ends by itself.
 */
export async function endAtService({ apiKey, session }: SignedIn): Promise<boolean> {
  if (session === null) return true;
  try {
    await clientOf(apiKey).keys.endSession();
    return true;
  } catch (thrown) {
    // it is over already
    return troubleOf(thrown).kind === "signedOut";
  }
}
