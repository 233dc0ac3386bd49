/**
 * THE MAIN FLOW: one lookup, from call data to signed answer.
 *
 *   request -> decode -> look up -> encode -> sign -> answer
 *
 * The router decodes the outer call and encodes what is returned here.
 */
import { boundChainId } from "../ccip/chainBinding.js";
import { answerDigest } from "../ccip/digest.js";
import { decodeInnerCall } from "../ccip/innerCall.js";
import { type CcipAnswer, type CcipCall, createCcipRouter } from "../ccip/router.js";
import type { Address } from "../ens/address.js";
import { askedNameOf, nodeOfAskedName } from "../ens/askedName.js";
import type { Node } from "../ens/namehash.js";
import { NO_RECORDS } from "../ens/records.js";
import { SignpostError } from "../errors.js";
import { noPause, type Pause } from "../registry/changes/clock.js";
import type { DomainSource } from "../registry/domains/domain.js";
import type { ServedName } from "../registry/names/storedName.js";
import type { RecordSource } from "../registry/store.js";
import { admission } from "./admission.js";
import type { AnswerSigner } from "./answerSigner.js";
import { type BatchSupport, NO_BATCHES } from "./batchSupport.js";
import { servedDomains } from "./servedDomains.js";

/** Names of domains behind which a service's own data stand. */
export interface SourcedRecords {
  /** Throws SOURCE_UNAVAILABLE when it could not be found out. */
  recordsOf(source: DomainSource, name: string, node: Node): Promise<ServedName | null>;
}

export interface GatewayParts {
  readonly records: RecordSource;
  /** Without it, domains that have a source cannot be answered for. */
  readonly sourced?: SourcedRecords | undefined;
  readonly signer: AnswerSigner;
  /** Which resolvers understand answers that share a signature; none by default. */
  readonly batches?: BatchSupport | undefined;
  /** How long an answer is valid, in seconds. The resolver refuses what is longer than its own bound. */
  readonly validitySec: number;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs: () => number;
  /** Awaited before a long answer is hashed and printed, so that many of them hold up nobody. */
  readonly pause?: Pause;
}

/** To hash and print as much takes about 0.1 ms, like all the rest of a lookup. */
const LONG_ANSWER_BYTES = 4096;

/** `to` is the resolver and `chainId` its chain, both from our own URL, never from what a client claims. */
export interface GatewayCall extends CcipCall {
  readonly chainId: bigint;
}

/** What an answer rests on: while this holds and the answer has not expired, it may be given again. */
export interface AnswerBasis {
  readonly chainId: bigint;
  readonly resolver: Address;
  /** As it was asked for. */
  readonly name: string;
  /** The name whose records it holds: another one where that was asked for under an alias domain. */
  readonly storedName: string;
  /** Of that one. */
  readonly node: Node;
  /** Of the records; null when the name did not exist. */
  readonly version: string | null;
  /** When the database was asked, by the gateway's clock. */
  readonly readAtMs: number;
  /** The last second, in Unix time, at which the answer is valid. */
  readonly expiresSec: bigint;
  /** The domain that the stored name lies under. */
  readonly domain: string;
  /** Of the inner call, see `RecordQuery`. */
  readonly functionName: string;
}

/** `data` is what the resolver's callback takes apart. */
export type GatewayAnswer = CcipAnswer<AnswerBasis>;

export interface Gateway {
  /**
   * Throws INVALID_CALL_DATA, INVALID_NAME, UNKNOWN_RESOLVER and UNKNOWN_DOMAIN for what cannot be answered here,
   * DATABASE_UNAVAILABLE, SOURCE_UNAVAILABLE and OVERLOADED for what cannot be answered now.
   */
  call(call: GatewayCall): Promise<GatewayAnswer>;
  /** Whether the same call would bring the same result now. Throws as `call` does. */
  isCurrent(basis: AnswerBasis): Promise<boolean>;
}

/** The function whose answer the resolver's callback takes apart. */
export const SIGNED_RESOLVE =
  "function resolve(bytes name, bytes data) view returns (bytes result, uint64 expires, bytes signature)";

type ResolveArguments = readonly [dnsName: Uint8Array, innerCall: Uint8Array];

export function createGateway({
  records,
  sourced = WITHOUT_SOURCES,
  signer,
  batches = NO_BATCHES,
  validitySec,
  nowMs,
  pause = noPause,
}: GatewayParts): Gateway {
  const domains = servedDomains(records, nowMs);
  const places = admission();
  const router = createCcipRouter<GatewayCall, AnswerBasis>();

  router.add({
    type: SIGNED_RESOLVE,
    async handle(args: ResolveArguments, { to: resolver, chainId, data: request }) {
      const [dnsName, innerCall] = args;
      const asked = askedNameOf(dnsName);
      const query = decodeInnerCall(asked, innerCall);
      const { name } = asked;
      const { resolverKey, domain, source, storedName } = await domains.placeOf(
        chainId,
        resolver,
        name,
      );
      const node = storedName === name ? asked.node : nodeOfAskedName(storedName);
      const bound = boundChainId(request, args);
      assertBoundTo(chainId, bound);

      return places.within(domain, async (held) => {
        const readAtMs = nowMs();
        const served = source
          ? await sourced.recordsOf(source, storedName, node)
          : await records.recordsOf(node);
        const result = query.answer(served?.records ?? NO_RECORDS);
        held.weigh(result.length);
        if (result.length > LONG_ANSWER_BYTES) await pause();

        const expiresSec = BigInt(Math.floor(nowMs() / 1000) + validitySec);
        const digest = answerDigest({ target: resolver, expiresSec, request, result });
        // the root of a batch names no chain, so what goes into one has to be bound to a chain by itself
        const mayShare = bound !== null && batches.takesBatches(resolverKey);
        const signature = await signer.signAnswer(digest, mayShare);

        const { functionName } = query;
        const version = served?.version ?? null;
        return {
          values: [result, expiresSec, signature] as const,
          basis: {
            ...{ chainId, resolver, name, storedName, node, domain, functionName },
            ...{ version, readAtMs, expiresSec },
          },
        };
      });
    },
  });

  return {
    call: (call) => router.call(call),
    async isCurrent({ chainId, resolver, name, storedName, node, version }) {
      const place = await domains.placeOf(chainId, resolver, name);
      // an alias domain came, or went
      if (place.storedName !== storedName) return false;
      const { domain, source } = place;
      const served = await places.within(domain, () =>
        source ? sourced.recordsOf(source, storedName, node) : records.recordsOf(node),
      );
      return (served?.version ?? null) === version;
    },
  };
}

const WITHOUT_SOURCES: SourcedRecords = {
  recordsOf: ({ domain }) =>
    Promise.reject(
      new SignpostError(
        "INTERNAL",
        `Nothing here asks the data source of ${domain}; please report it.`,
      ),
    ),
};

/** A request that names another chain is one to replay our answer there. */
function assertBoundTo(chainId: bigint, bound: bigint | null): void {
  if (bound !== null && bound !== chainId) {
    throw new SignpostError(
      "INVALID_CALL_DATA",
      `The request is bound to chain ${bound.toString()}, but this URL is for chain ${chainId.toString()}; check the gateway URL that the resolver publishes.`,
    );
  }
}
