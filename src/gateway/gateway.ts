/**
 * THE MAIN FLOW: one lookup, from call data to signed answer.
 *
 *   request -> decode -> look up -> encode -> sign -> answer
 *
 * The router decodes the outer call and encodes what is returned here.
 */
import { boundChainId } from "../ccip/chainBinding.js";
import { answerDigest } from "../ccip/digest.js";
import { decodeLookup } from "../ccip/lookup.js";
import { type CcipCall, type CcipRouter, createCcipRouter } from "../ccip/router.js";
import { NO_RECORDS } from "../ens/records.js";
import { SignpostError } from "../errors.js";
import type { RecordSource } from "../registry/store.js";
import type { GatewaySigner } from "./gatewaySigner.js";
import { servedDomains } from "./servedDomains.js";

export interface GatewayParts {
  readonly records: RecordSource;
  readonly signer: GatewaySigner;
  /** How long an answer is valid, in seconds. The resolver refuses what is longer than its own bound. */
  readonly validitySec: number;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs: () => number;
}

/** `to` is the resolver and `chainId` its chain, both from our own URL, never from what a client claims. */
export interface GatewayCall extends CcipCall {
  readonly chainId: bigint;
}

/** The function whose answer the resolver's callback takes apart. */
export const SIGNED_RESOLVE =
  "function resolve(bytes name, bytes data) view returns (bytes result, uint64 expires, bytes signature)";

export function createGateway(parts: GatewayParts): CcipRouter<GatewayCall> {
  const { records, signer, validitySec, nowMs } = parts;
  const domains = servedDomains(records, nowMs);
  const router = createCcipRouter<GatewayCall>();

  router.add({
    type: SIGNED_RESOLVE,
    async handle([dnsName, call]: readonly [Uint8Array, Uint8Array], { to, chainId, data }) {
      const lookup = decodeLookup(dnsName, call);
      await domains.assertServed(chainId, to, lookup.name);
      assertBoundTo(chainId, data);

      const result = lookup.answer((await records.recordsOf(lookup.node)) ?? NO_RECORDS);

      const expiresSec = BigInt(Math.floor(nowMs() / 1000) + validitySec);
      const digest = answerDigest({ target: to, expiresSec, request: data, result });
      return [result, expiresSec, await signer.signDigest(digest)] as const;
    },
  });

  return router;
}

/** A request that names another chain is one to replay our answer there. */
function assertBoundTo(chainId: bigint, request: Uint8Array): void {
  const bound = boundChainId(request);
  if (bound !== null && bound !== chainId) {
    throw new SignpostError(
      "INVALID_CALL_DATA",
      `The request is bound to chain ${bound.toString()}, but this URL is for chain ${chainId.toString()}; check the gateway URL that the resolver publishes.`,
    );
  }
}
