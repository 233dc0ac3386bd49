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
import { type CcipCall, createCcipRouter } from "../ccip/router.js";
import { NO_RECORDS } from "../ens/records.js";
import { SignpostError } from "../errors.js";
import type { RecordSource } from "../registry/store.js";
import { admission } from "./admission.js";
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

/** What an answer rests on: while this holds and the answer has not expired, it may be given again. */
export interface AnswerBasis {
  readonly chainId: bigint;
  readonly resolver: Uint8Array;
  readonly name: string;
  readonly node: Uint8Array;
  /** Of the records; null when the name did not exist. */
  readonly version: string | null;
  /** When the database was asked, by the gateway's clock. */
  readonly readAtMs: number;
  /** The last second, in Unix time, at which the answer is valid. */
  readonly expiresSec: bigint;
  /** The domain that the name lies under. */
  readonly domain: string;
  /** Of the inner call, see `RecordQuery`. */
  readonly functionName: string;
}

export interface GatewayAnswer {
  /** What the resolver's callback takes apart, ABI-encoded. */
  readonly data: Uint8Array;
  readonly basis: AnswerBasis;
}

export interface Gateway {
  /**
   * Throws INVALID_CALL_DATA, INVALID_NAME, UNKNOWN_RESOLVER and UNKNOWN_DOMAIN for what cannot be answered here,
   * DATABASE_UNAVAILABLE and OVERLOADED for what cannot be answered now.
   */
  call(call: GatewayCall): Promise<GatewayAnswer>;
  /** Whether the same call would bring the same result now. Throws as `call` does. */
  stillTrue(basis: AnswerBasis): Promise<boolean>;
}

/** The function whose answer the resolver's callback takes apart. */
export const SIGNED_RESOLVE =
  "function resolve(bytes name, bytes data) view returns (bytes result, uint64 expires, bytes signature)";

/** A call with the place where its flow leaves what the answer rests on. */
interface NotedCall extends GatewayCall {
  basis?: AnswerBasis;
}

export function createGateway(parts: GatewayParts): Gateway {
  const { records, signer, validitySec, nowMs } = parts;
  const domains = servedDomains(records, nowMs);
  const places = admission();
  const router = createCcipRouter<NotedCall>();

  router.add({
    type: SIGNED_RESOLVE,
    async handle([dnsName, innerCall]: readonly [Uint8Array, Uint8Array], call) {
      const { to: resolver, chainId, data: request } = call;
      const { name, node, functionName, answer } = decodeLookup(dnsName, innerCall);
      const domain = await domains.domainServing(chainId, resolver, name);
      assertBoundTo(chainId, request);

      return places.within(domain, async () => {
        const readAtMs = nowMs();
        const served = await records.recordsOf(node);
        const result = answer(served?.records ?? NO_RECORDS);

        const expiresSec = BigInt(Math.floor(nowMs() / 1000) + validitySec);
        const digest = answerDigest({ target: resolver, expiresSec, request, result });
        const signature = await signer.signDigest(digest);

        const version = served?.version ?? null;
        const asked = { chainId, resolver, name, node, domain, functionName };
        call.basis = { ...asked, version, readAtMs, expiresSec };
        return [result, expiresSec, signature] as const;
      });
    },
  });

  return {
    async call({ to, chainId, data: request }) {
      const call: NotedCall = { to, chainId, data: request };
      const { data } = await router.call(call);
      if (!call.basis) throw new SignpostError("INTERNAL", "An answer rests on nothing.");
      return { data, basis: call.basis };
    },
    async stillTrue({ chainId, resolver, name, node, version }) {
      const domain = await domains.domainServing(chainId, resolver, name);
      const served = await places.within(domain, () => records.recordsOf(node));
      return (served?.version ?? null) === version;
    },
  };
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
