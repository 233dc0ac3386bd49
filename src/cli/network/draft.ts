/**
 * A network record on its way from one relay node's operator to the next, until all nodes have signed it:
 *
 *   {"kind": "gateway", ..., "relayNodes": ["one.example.eth", {"name": "two.example.eth", "publicSigningKey", "signature"}]}
 *
 * A node that has not signed stands there by its name alone. `owner` and `signedAtSec` come with the first signature.
 */
import { encodeBase64 } from "../../dm3/base64.js";
import {
  claimOf,
  type NetworkClaim,
  networkStatement,
  parseNetworkRecord,
  type SigningNode,
} from "../../dm3/statement/networkRecord.js";
import { isSignedStatement } from "../../dm3/statement/statementSignature.js";
import { SignpostError } from "../../errors.js";

export interface Draft {
  readonly claim: NetworkClaim;
  /** In the order of the claim; null for a node that has not signed. */
  readonly signed: readonly (SigningNode | null)[];
}

/** In the place of a signature that is not there, so that the rest can be read by its rules. */
const UNSIGNED = {
  publicSigningKey: encodeBase64(new Uint8Array(32)),
  signature: encodeBase64(new Uint8Array(64)),
};

/**
 * @param json untrusted
 * @param first what the first signature is for, where the draft has none
 * @throws INVALID_PROFILE, WRONG_SIGNER where the draft was changed after somebody signed it
 */
export function readDraft(
  name: string,
  json: unknown,
  first: Pick<NetworkClaim, "owner" | "signedAtSec">,
): Draft {
  const given = Object(json ?? {}) as Readonly<Record<string, unknown>>;
  const nodes = Array.isArray(given["relayNodes"]) ? (given["relayNodes"] as unknown[]) : null;
  const isUnsigned = (node: unknown) => typeof node === "string";
  const record = parseNetworkRecord({
    ...first,
    ...given,
    ...(nodes && {
      relayNodes: nodes.map((node) => (isUnsigned(node) ? { name: node, ...UNSIGNED } : node)),
    }),
  });
  const claim = claimOf(name, record);
  const signed = record.relayNodes.map((node, index) => (isUnsigned(nodes?.[index]) ? null : node));
  const statement = networkStatement(claim);
  for (const node of signed) {
    if (node === null) continue;
    if (isSignedStatement(node.publicSigningKey, statement, node.signature)) continue;
    throw new SignpostError(
      "WRONG_SIGNER",
      `The signature of ${node.name} is for another record, name or owner. Let it sign again: put its name alone in the place of its signature.`,
      { name },
    );
  }
  return { claim, signed };
}

/** As the next operator gets it, or as it is registered when all have signed. */
export function draftJson({ claim, signed }: Draft): Readonly<Record<string, unknown>> {
  const { owner, description, relayNodes, signedAtSec } = claim;
  return {
    ...description,
    ...{ owner, signedAtSec },
    relayNodes: relayNodes.map((name, index) => signed[index] ?? name),
  };
}
