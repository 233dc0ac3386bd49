/**
 * One canary: a message of the account to itself through one relay node. It signs up where it has to, signs in, submits, fetches
 * and acknowledges, as any user's client does; so it finds a node that answers questions, but delivers nothing.
 */
import { encodeMessage } from "../../../dm3/message/encodeMessage.js";
import type { Envelope, HashField } from "../../../dm3/message/envelope.js";
import { parseFetchedEnvelope } from "../../../dm3/message/fetchedEnvelope.js";
import type { DeliveryServiceProfile } from "../../../dm3/profile/profile.js";
import { isSignpostError } from "../../../errors.js";
import type { Fetcher } from "../../../fetch/fetcher.js";
import { foreignText } from "../../../fetch/foreignText.js";
import { shortReason } from "../../../fetch/serversAsked.js";
import {
  type Acknowledgement,
  type RelayNodeApi,
  relayNodeApi,
} from "../../../messenger/relayNodeApi.js";
import { openSession, type Session } from "../../../messenger/session.js";
import type { Finding } from "../../../nodes/nodeState.js";
import { submitEnvelope } from "../../../sending/submitEnvelope.js";
import { boundedAccess } from "./boundedAccess.js";
import type { CanaryAccount } from "./canaryAccount.js";

export interface CanaryParts {
  readonly fetcher: Fetcher;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
  /** Between two looks into the mailbox. */
  readonly rest: () => Promise<void>;
}

interface Node {
  readonly name: string;
  readonly profile: DeliveryServiceProfile;
}

/** So many times the mailbox is looked into for the message. */
const LOOKS = 5;
/** Of a mailbox, at each look: what was read is acknowledged, so the next look sees the rest. */
const MOST_PAGES = 3;
const HASH_FIELDS: readonly HashField[] = ["messageHash", "encryptedMessageHash"];

/** What it says against the node; null for nothing, also where nothing could be found out. */
export async function canaryThrough(
  account: CanaryAccount,
  node: Node,
  parts: CanaryParts,
): Promise<Finding | null> {
  try {
    return await exchange(account, node, parts);
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE")) {
      return unreachable(`did not serve the canary: ${foreignText(shortReason(error))}`);
    }
    if (isSignpostError(error, "SIGN_IN_REFUSED", "RELAY_NODE_REFUSED", "TOKEN_REFUSED")) {
      return wrong("does not let the canary in to which its proof grants an account");
    }
    // strangers may have filled its mailbox
    if (isSignpostError(error, "TOO_LARGE")) return null;
    throw error;
  }
}

async function exchange(
  account: CanaryAccount,
  node: Node,
  { fetcher, nowMs, rest }: CanaryParts,
): Promise<Finding | null> {
  const access = boundedAccess(fetcher, () => performance.now());
  const api = relayNodeApi(node.name, node.profile.url, access);
  const identity = { ...account, signedProfile: () => account.signed };
  const session = openSession(api, identity, { nowMs, chance: Math.random });
  const isBack = (message: string | null) => tookBack(session, api, account.name, message);

  // signs in, and takes away what is left from before
  await isBack(null);
  for (const hashField of HASH_FIELDS) {
    const envelope = await envelopeToItself(account, node, hashField, nowMs());
    const answer = await submitEnvelope(node.profile.url, envelope, access);
    switch (answer.kind) {
      case "other-hash-field":
        continue;
      case "later":
        return null;
      case "unreachable":
        return unreachable(`did not take the canary's message. ${answer.sentence}`);
      case "sign-again":
      case "refused":
        return wrong(`refuses the canary's message. ${answer.sentence}`);
      case "accepted":
        for (let look = 1; look <= LOOKS; look++) {
          if (await isBack(envelope.message)) return null;
          await rest();
        }
        return wrong("accepts the canary's message, and does not deliver it");
    }
  }
  return wrong("refuses the canary's message under either name of its hash");
}

async function envelopeToItself(
  { name, keys, signed }: CanaryAccount,
  node: Node,
  hashField: HashField,
  timestampMs: number,
): Promise<Envelope> {
  const { envelopes } = await encodeMessage(
    { type: "NEW", text: "canary", from: name, to: name, timestampMs },
    {
      ...{ keys, hashField },
      receiver: { profile: signed.profile, relayNodes: [{ status: "found", ...node }] },
    },
  );
  const [first] = envelopes;
  if (first === undefined) throw new Error("There is one relay node.");
  return first.envelope;
}

/** Acknowledges what the mailbox has, and tells whether this ciphertext was there. */
async function tookBack(
  session: Session,
  api: RelayNodeApi,
  name: string,
  message: string | null,
): Promise<boolean> {
  let isThere = false;
  let after = "";
  for (let page = 0; page < MOST_PAGES && !isThere; page++) {
    const { envelopes, next } = await session.withToken((token) =>
      api.incoming(name, token, after),
    );
    isThere = envelopes.some(
      (envelope) => (Object(envelope) as { readonly message?: unknown }).message === message,
    );
    const read = envelopes.flatMap(acknowledgementOf);
    if (read.length > 0) await session.withToken((token) => api.acknowledge(name, token, read));
    if (next === null || envelopes.length === 0) break;
    after = next;
  }
  return isThere;
}

/** Nothing for what is no envelope. */
function acknowledgementOf(json: unknown): readonly Acknowledgement[] {
  try {
    const { deliveryInformation, claimedHashes } = parseFetchedEnvelope(json);
    const hash = claimedHashes[0]?.value;
    if (deliveryInformation === null || hash === undefined) return [];
    return [{ contactAddress: deliveryInformation.from, messageHash: hash }];
  } catch {
    return [];
  }
}

const wrong = (reason: string): Finding => ({ state: "wrong", reason });
const unreachable = (reason: string): Finding => ({ state: "unreachable", reason });
