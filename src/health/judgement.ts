/** From what is known to what an operator reads: why this gateway is not ready, and what is doubtful. */
import { sameBytes } from "../abi/bytes.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { type ReadinessReport, together } from "../http/readiness.js";
import type { BatchFinding } from "./batchWatch.js";
import type { ChainKnowledge, KnownChain, KnownResolver } from "./chainKnowledge.js";

/** Clients and chains that disagree by this much still understand one another; the validity of answers is longer. */
const MOST_BEHIND_SEC = 30;
/** Blocks are as old as they are far apart, and Ethereum misses some. */
const MOST_AHEAD_SEC = 120;

const NOTHING: ReadinessReport = { reasons: [], warnings: [] };

/** @param fault what the signer threw when it was last asked to sign, or null */
export function judgeSigner(fault: SignpostError | null): ReadinessReport {
  if (fault === null) return NOTHING;
  // it signs, though not everything: whoever takes this gateway away loads the others even more
  const isBusy =
    isSignpostError(fault, "SIGNER_UNAVAILABLE") && fault.details.reason === "overload";
  return isBusy
    ? { reasons: [], warnings: [fault.message] }
    : { reasons: [fault.message], warnings: [] };
}

/** Do the resolvers take what `signer` signs, for as long as it says? */
export function judgeAcceptance(
  knowledge: ChainKnowledge,
  signer: Address,
  validitySec: number,
): ReadinessReport {
  if (!sameBytes(knowledge.signer, signer)) {
    const sentence = "The signer was switched just now, and the chains are being asked about it.";
    return { reasons: [], warnings: [sentence] };
  }
  return together([
    ...knowledge.resolvers.map((resolver) => judgeResolver(resolver, signer, validitySec)),
    ...knowledge.chains.map(judgeReach),
    ...[...new Set(knowledge.unwatched.map(({ chainId }) => chainId))].map((chainId) => ({
      reasons: [],
      warnings: [
        `CHAIN_RPC_URLS names no RPC node of chain ${chainId.toString()}, so nobody looks whether its resolvers take what this gateway signs. Add one.`,
      ],
    })),
  ]);
}

function judgeResolver(known: KnownResolver, signer: Address, validitySec: number) {
  const resolver = checksumAddress(known.resolver);
  const where = `the resolver ${resolver} on chain ${known.chainId.toString()}`;
  const { signerEnabled, maxValiditySec, wasAsked } = known;
  const reasons: string[] = [];
  const warnings: string[] = [];
  if (signerEnabled === false) {
    reasons.push(
      `${checksumAddress(signer)}, by whom this gateway signs, is no signer of ${where}: clients refuse its answers. Add it with \`signpost resolver signers add\`, or switch to one that the resolver has.`,
    );
  }
  if (maxValiditySec !== null && maxValiditySec < BigInt(validitySec)) {
    reasons.push(
      `Answers are valid for ${validitySec} s, but ${where} takes at most ${maxValiditySec.toString()} s. Set ANSWER_VALIDITY_SEC to that or less, or raise it with \`signpost resolver validity set\`.`,
    );
  }
  if (wasAsked && signerEnabled === null) {
    warnings.push(
      `It is not known whether ${where} takes what this gateway signs: it is no resolver of Signpost, or not deployed. Ask \`signpost doctor\` for a name of it.`,
    );
  }
  return { reasons, warnings };
}

/** Does a resolver say that it takes batches, and refuse one? Then its answers are signed each by itself. */
export function judgeBatches(findings: readonly BatchFinding[]): ReadinessReport {
  return together(
    findings.map(({ chainId, resolver, refusal }) =>
      refusal === null
        ? NOTHING
        : {
            reasons: [],
            warnings: [
              `The resolver ${checksumAddress(resolver)} on chain ${chainId.toString()} says that it takes answers that share a signature, but refused one: ${refusal}. Each of its answers is signed by itself; ask its owner.`,
            ],
          },
    ),
  );
}

function judgeReach({ chainId, failure }: KnownChain): ReadinessReport {
  if (failure === null) return NOTHING;
  const sentence = `The RPC node of chain ${chainId.toString()} did not tell what was asked: ${failure}. What is known of the chain is from before. Correct it in CHAIN_RPC_URLS if it does not come back.`;
  return { reasons: [], warnings: [sentence] };
}

/**
 * Is our clock right? Blocks and Postgres are the witnesses; where those disagree, a chain counts for more.
 * @param aheadOfDatabaseSec our clock minus Postgres', or null when it could not be asked
 */
export function judgeClock(
  chains: readonly KnownChain[],
  aheadOfDatabaseSec: number | null,
): ReadinessReport {
  const byChains = together(chains.map(judgeByBlock));
  if (aheadOfDatabaseSec === null || Math.abs(aheadOfDatabaseSec) <= MOST_BEHIND_SEC) {
    return byChains;
  }
  const difference = `This clock is ${apart(aheadOfDatabaseSec)} Postgres'`;
  if (chains.some(confirmsOurClock)) {
    const sentence = `${difference}, but agrees with a chain: let NTP set the clock of Postgres' machine.`;
    return together([byChains, { reasons: [], warnings: [sentence] }]);
  }
  const sentence = `${difference}. If ours is wrong, answers expire too early or too late: let NTP set both clocks.`;
  return together([byChains, { reasons: [sentence], warnings: [] }]);
}

function judgeByBlock({ chainId, head, isBehind, makesBlocks }: KnownChain): ReadinessReport {
  if (head === null) return NOTHING;
  const block = `the latest block of chain ${chainId.toString()}`;
  if (head.ageSec < -MOST_BEHIND_SEC) {
    const sentence = `This clock is ${apart(head.ageSec)} ${block}: answers expire before clients have used them. Let NTP set it.`;
    return { reasons: [sentence], warnings: [] };
  }
  if (isBehind) {
    const sentence = `The RPC node of chain ${chainId.toString()} is catching up, so it does not know the resolvers as they are now. What is known of them is from before. Wait, or use another one.`;
    return { reasons: [], warnings: [sentence] };
  }
  if (makesBlocks && head.ageSec > MOST_AHEAD_SEC) {
    const sentence = `This clock is ${apart(head.ageSec)} ${block}: resolvers refuse answers that are valid for too long. Let NTP set it; or, if it is right, use an RPC node that keeps up.`;
    return { reasons: [sentence], warnings: [] };
  }
  return NOTHING;
}

function confirmsOurClock({ head, isBehind, makesBlocks, failure }: KnownChain): boolean {
  if (head === null || isBehind || !makesBlocks || failure !== null) return false;
  return Math.abs(head.ageSec) <= MOST_BEHIND_SEC;
}

function apart(aheadSec: number): string {
  const seconds = Math.round(Math.abs(aheadSec));
  return aheadSec > 0 ? `${seconds} s ahead of` : `${seconds} s behind`;
}
