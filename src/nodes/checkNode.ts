/** One check of a registered relay node: its record, its proof for name and owner, and what is behind its URL. */
import { parseRecord } from "../dm3/profile/parseRecord.js";
import {
  type DeliveryServiceProfile,
  parseDeliveryServiceProfile,
} from "../dm3/profile/profile.js";
import { isProofOf, type NodeProof, parseNodeProof } from "../dm3/statement/nodeProof.js";
import { isSignpostError } from "../errors.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import { askNode } from "./askNode.js";
import type { Finding } from "./nodeState.js";
import type { RegisteredNode } from "./nodeStore.js";

export interface NodeCheck {
  readonly finding: Finding;
  /** Null where the record cannot be read. */
  readonly url: string | null;
  readonly listed: boolean;
  /** Whether the URL was asked. */
  readonly isAsked: boolean;
}

export interface NodeAccess extends RelayNodeAccess {
  /** Whether one more node may be asked at this host: `relay.example.com`. */
  readonly mayAsk: (host: string) => Promise<boolean>;
  /** Null where no canary is sent. */
  readonly canary: Canary | null;
}

/** Writes to itself through a node whose operator grants it. What it says against the node; null for nothing. */
export type Canary = (node: {
  readonly name: string;
  readonly profile: DeliveryServiceProfile;
}) => Promise<Finding | null>;

/**
 * What is not proven is not asked: nobody has us send requests to a node that is not theirs. A key of one's own proves any URL,
 * so at one host a bounded number is asked.
 */
export async function checkNode(
  registered: RegisteredNode,
  access: NodeAccess,
): Promise<NodeCheck> {
  const { name, owner } = registered;
  const profile = readOrNull(() => profileIn(registered.record));
  if (profile === null) {
    const finding = { state: "wrong", reason: "has a record that is no profile" } as const;
    return { finding, url: null, listed: false, isAsked: false };
  }
  const { url } = profile;
  const proof = proofIn(registered.proof);
  if (proof === null) return unproven(url, "was registered without a proof");
  if (!isProofOf({ name, owner, profile }, proof)) {
    return unproven(url, "has a proof that is not by its key for this name and its owner");
  }
  if (!(await access.mayAsk(hostOf(url)))) {
    return unproven(url, "is one of too many of its domain at one host, so it is not asked");
  }
  const { listed } = proof;
  const answer = await askNode(profile, access);
  const finding =
    answer.kind === "works"
      ? await findingOfCanary({ name, profile }, proof, access)
      : { state: answer.kind, reason: answer.reason };
  return { finding, url, listed, isAsked: true };
}

const WORKS: Finding = { state: "works", reason: null };

/** Of a node that says itself that it works. */
async function findingOfCanary(
  node: Parameters<Canary>[0],
  { canary: isGranted = false }: NodeProof,
  { canary }: NodeAccess,
): Promise<Finding> {
  return (isGranted && canary !== null ? await canary(node) : null) ?? WORKS;
}

/** Whatever its port, and with or without the dot that ends a full host name. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/\.$/, "");
}

function unproven(url: string, reason: string): NodeCheck {
  return { finding: { state: "unproven", reason }, url, listed: false, isAsked: false };
}

/** Records are verified when they are written; a later version may hold them to more. */
function profileIn(record: string): DeliveryServiceProfile | null {
  const parsed = parseRecord(record);
  return parsed.kind === "data" ? parseDeliveryServiceProfile(parsed.json) : null;
}

function proofIn(text: string | null): NodeProof | null {
  return text === null ? null : readOrNull(() => parseNodeProof(JSON.parse(text)));
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || isSignpostError(error, "INVALID_PROFILE")) return null;
    throw error;
  }
}
