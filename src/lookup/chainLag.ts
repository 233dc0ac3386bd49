import { abiFunction } from "../abi/abiFunction.js";
import { toHex } from "../abi/hex.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { nobodyAnswered } from "../fetch/serversAsked.js";
import { type Chain, latestBlock, RPC_NODE } from "./askNode.js";

/** contracts/interfaces/IOffchainResolver.sol: the answer would be valid for longer than the resolver allows. */
const validityTooLong = abiFunction<[expires: bigint, latest: bigint], []>(
  "error ValidityTooLong(uint64 expires, uint256 latest)",
);

/**
 * The error to throw where the resolver takes a good answer for one of the future, because its chain lives in the
 * past: a node that has fallen behind, or a fork. Null when the chain's age does not explain the refusal.
 * Throws UNREACHABLE.
 */
export async function chainLag(
  chain: Chain,
  revertData: Uint8Array,
): Promise<SignpostError | null> {
  const refused = refusedTimes(revertData);
  if (refused === null) return null;
  const { timeSec } = await latestBlock(chain);
  const lagSec = BigInt(Math.floor(Date.now() / 1000)) - timeSec;
  if (refused.expires > refused.latest + lagSec) return null;
  const reason =
    `its newest block is ${lagSec.toString()} s old by this device's clock, so that answers of now are not valid there; ` +
    "use a node that keeps up, and check the clock";
  return nobodyAnswered("The record", [{ who: RPC_NODE, reason }]);
}

/** In Unix seconds: the answer's end, and the latest that the resolver would take. Null for any other refusal. */
function refusedTimes(revertData: Uint8Array): { expires: bigint; latest: bigint } | null {
  if (toHex(revertData.subarray(0, 4)) !== validityTooLong.selector) return null;
  try {
    const [expires, latest] = validityTooLong.decodeInput(revertData);
    return { expires, latest };
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}
