/** Whether a signer signs, and as it should: found out by a signature that is good for nothing else. */
import { keccak256 } from "../abi/keccak256.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import { provenSignature } from "./provenSignature.js";

/** The hash of a sentence: no resolver takes it for an answer's digest, and no chain for a transaction's. */
const PROBE_DIGEST = keccak256(new TextEncoder().encode("Signpost asks whether this signer signs"));

/** Throws SIGNER_UNAVAILABLE when it does not sign, or not by the key of its address. */
export async function probeSigner(signer: GatewaySigner): Promise<void> {
  const signature = await signer.signDigest(PROBE_DIGEST);
  provenSignature(signer.address, PROBE_DIGEST, signature.subarray(0, 64), { canonical: true });
}
