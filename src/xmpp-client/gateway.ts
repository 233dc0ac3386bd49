/** What the gateway says of itself, and the link by which a user's messages come to the account (docs/xmpp-wire.md). */
import { encodeBase64 } from "../dm3/base64.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import type { AddressLink } from "../dm3/statement/addressLink.js";
import { linkStatement } from "../dm3/statement/linkStatement.js";
import { statementBytes } from "../dm3/statement/statementBytes.js";
import type { NormalName } from "../ens/normalize.js";
import { resolvableNormalName } from "../ens/resolvableName.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { Jids } from "./jid.js";
import { DM3 } from "./namespaces.js";
import type { Questions } from "./questions.js";
import { errorSentence, notBeforeIn, refusalCode } from "./stanzaErrors.js";
import { askGreeting, tellLink } from "./stanzas.js";
import { childOf, type XmlElement } from "./xmlElement.js";

export interface Greeting {
  /** ENS name of the gateway's relay node: for the profile's `deliveryServices`. */
  readonly relayNode: NormalName;
  /** The ENS name that this account gets; null where the gateway gives none. */
  readonly name: NormalName | null;
  /** Of an envelope, in bytes. */
  readonly sizeLimit: number;
}

/** What is signed into a link. */
export interface LinkParts {
  readonly keys: MessageKeys;
  readonly profile: SignedUserProfile;
  /** The wallet's address. */
  readonly wallet: string;
  readonly name: NormalName;
  readonly signedAtSec: number;
}

/** As servers let stanzas through by default; no gateway takes more. */
const LARGEST_LIMIT = 500_000;

/** @throws UNREACHABLE; GATEWAY_REFUSED where there is no gateway, or it says no */
export async function greeting(questions: Questions, { gateway }: Jids): Promise<Greeting> {
  const answer = await questions.ask(askGreeting(gateway));
  assertTaken(answer, gateway);
  const told = childOf(answer, "gateway", DM3);
  const relayNode = nameIn(told?.attrs["relay-node"]);
  if (told === null || relayNode === null) throw noGateway(gateway);
  const limit = Number(told.attrs["size-limit"]);
  if (!Number.isSafeInteger(limit) || limit < 1) throw noGateway(gateway);
  return {
    relayNode,
    name: nameIn(told.attrs["name"]),
    sizeLimit: Math.min(limit, LARGEST_LIMIT),
  };
}

/** @throws UNREACHABLE; GATEWAY_REFUSED, with `notBeforeSec` where the account has a link that was signed later */
export async function link(
  questions: Questions,
  { own, gateway }: Jids,
  { relayNode }: Greeting,
  { keys, profile, wallet, name, signedAtSec }: LinkParts,
): Promise<void> {
  const claim = { name, address: own, relayNode, signedAtSec };
  const signature = await keys.signingKey.sign(statementBytes(linkStatement(claim)));
  const given: AddressLink = {
    ...{ name, profile, wallet, signedAtSec },
    signature: encodeBase64(signature),
  };
  const answer = await questions.ask(tellLink(gateway, JSON.stringify(given)));
  assertTaken(answer, gateway);
}

function assertTaken(answer: XmlElement, gateway: string): void {
  if (answer.attrs["type"] !== "error") return;
  const { condition, text } = errorSentence(answer);
  const refused = refusalCode(answer);
  const said = text === "" ? condition : text;
  const notBeforeSec = notBeforeIn(answer);
  throw new SignpostError("GATEWAY_REFUSED", `${gateway} said no: ${said}`, {
    ...{ refused, condition },
    ...(notBeforeSec !== null && { notBeforeSec }),
  });
}

function noGateway(gateway: string): SignpostError {
  const sentence = `${gateway} is no messaging gateway for DM3. Ask the server's operator for its host.`;
  return new SignpostError("GATEWAY_REFUSED", sentence, { refused: null, condition: "" });
}

function nameIn(text: string | undefined): NormalName | null {
  if (text === undefined || text.length > 255) return null;
  try {
    return resolvableNormalName(text);
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}
