/** The RPC node and its chain. */
import { isSignpostError } from "../../errors.js";
import { chainIdOf as askChainId, latestBlock } from "../../lookup/askNode.js";
import type { Check } from "../check.js";
import { failed, passed, warning } from "../line.js";
import { observation, type Patient } from "../patient.js";

/** Blocks come every 12 seconds on Ethereum; a node that is this far behind is not in step with its chain. */
const MOST_SKEW_SEC = 120;

export const chainIdOf = observation((patient: Patient) => askChainId(patient));

/** Seconds since 1970 of the latest block: the time at which a callback is checked. */
export async function chainTimeSec(patient: Patient): Promise<bigint> {
  return (await latestBlock(patient)).timeSec;
}

const rpcReachable: Check = {
  id: "rpc-reachable",
  title: "the RPC node",
  needs: [],
  async examine(patient) {
    try {
      const chainId = await chainIdOf(patient);
      return passed(`the RPC node answers for chain ${chainId.toString()}`);
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      const seen = error.message.replace(/ Try again later.*$/, "");
      return failed(seen, "Check the URL and API key of --rpc, or use another node.");
    }
  },
};

const chainClock: Check = {
  id: "chain-clock",
  title: "the chain's clock",
  needs: ["rpc-reachable"],
  async examine(patient) {
    const behindSec = Math.floor(Date.now() / 1000) - Number(await chainTimeSec(patient));
    const seen = `the latest block is ${Math.abs(behindSec)} s ${behindSec < 0 ? "ahead of" : "behind"} this machine's clock`;
    return Math.abs(behindSec) <= MOST_SKEW_SEC
      ? passed(seen)
      : warning(
          seen,
          "Answers expire by the chain's time. Use a node that is in sync, and set this machine's clock by NTP.",
        );
  },
};

export const CHAIN_CHECKS: readonly Check[] = [rpcReachable, chainClock];
