/** Whether a contract is none of Signpost's: it has no `signers()`, which each version of our resolver has. */
import { isError, type JsonRpcProvider } from "ethers";
import { revertDataOf } from "../lookup/revertData.js";
import { rpcFailure } from "./connection.js";
import { RESOLVER_ABI } from "./resolverState.js";

/** No where there is no code: a node that still catches up does not know it yet. Throws UNREACHABLE. */
export async function isForeignContract(
  provider: JsonRpcProvider,
  address: string,
): Promise<boolean> {
  const call = { to: address, data: RESOLVER_ABI.encodeFunctionData("signers") };
  try {
    // one block for both: behind one URL may be nodes of different height
    const blockTag = await provider.getBlockNumber();
    if ((await provider.getCode(address, blockTag)) === "0x") return false;
    return !isListOfSigners(await provider.call({ ...call, blockTag }));
  } catch (error) {
    if (revertDataOf(error) !== null) return true;
    throw rpcFailure(error, "asking a contract for its signers");
  }
}

function isListOfSigners(returned: string): boolean {
  try {
    RESOLVER_ABI.decodeFunctionResult("signers", returned);
    return true;
  } catch (error) {
    if (isError(error, "BAD_DATA")) return false;
    throw error;
  }
}
