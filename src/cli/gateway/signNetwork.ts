/** The network record that this gateway's relay node stands for, with those of other operators that stand there beside it. */
import type { DescribedGateway } from "../../capabilities/xmpp/description.js";
import type { ProfileKeys } from "../../dm3/keys/keys.js";
import { publicKeyFields } from "../../dm3/keys/keys.js";
import { draftJson, draftToSign, signedBy } from "../../dm3/statement/networkDraft.js";
import {
  claimOf,
  type NetworkRecord,
  parseNetworkRecord,
} from "../../dm3/statement/networkRecord.js";
import { dm3Hash } from "../../dm3/stringify.js";

export interface NetworkWish extends DescribedGateway {
  /** The network's, in normal form. */
  readonly name: string;
  readonly owner: string | null;
  /** What other operators have signed, JSON; null: what is registered, or nothing. */
  readonly given: unknown;
}

export type SignedNetwork =
  | { readonly kind: "unchanged" | "whole"; readonly record: NetworkRecord }
  /** Others have to sign as well. */
  | { readonly kind: "half"; readonly draft: object; readonly missing: readonly string[] };

/**
 * @param registered as the name has it
 * @throws INVALID_PROFILE, INVALID_REQUEST, WRONG_SIGNER for what other operators have signed
 */
export function signNetwork(
  { name, owner, given, description, relayNode }: NetworkWish,
  registered: NetworkRecord | null,
  keys: ProfileKeys,
  nowSec: number,
): SignedNetwork {
  const { publicSigningKey } = publicKeyFields(keys);
  if (given === null && registered !== null) {
    const isSame = dm3Hash(claimOf(name, registered).description) === dm3Hash(description);
    const ours = registered.relayNodes.find((node) => node.name === relayNode);
    if (isSame && ours?.publicSigningKey === publicSigningKey) {
      return { kind: "unchanged", record: registered };
    }
  }
  const others = registered?.relayNodes.map((node) => node.name) ?? [];
  const relayNodes = others.includes(relayNode) ? others : [...others, relayNode];
  const json = given ?? { ...description, relayNodes };
  const draft = draftToSign(name, json, { owner: owner ?? undefined, nowSec });
  const { signingKeyPair } = keys;
  const signed = signedBy(draft, relayNode, signingKeyPair);
  const missing = signed.claim.relayNodes.filter((_, index) => signed.signed[index] === null);
  if (missing.length > 0) return { kind: "half", draft: draftJson(signed), missing };
  return { kind: "whole", record: parseNetworkRecord(draftJson(signed)) };
}
