/** Whether a chain lets resolvers be deployed at predictable addresses. */
import { randomBytes } from "node:crypto";
import {
  concat,
  getCreate2Address,
  hexlify,
  isError,
  type JsonRpcProvider,
  keccak256,
} from "ethers";
import { rpcFailure } from "./connection.js";
import { CREATE2_DEPLOYER } from "./deterministicDeployment.js";

const EMPTY_INIT_CODE = "0x";

/**
 * Whether the canonical deployer stands on this chain and does what it should. It is asked to create an empty
 * contract, without sending anything, and has to name the address that follows from CREATE2.
 */
export async function hasCreate2Deployer(provider: JsonRpcProvider): Promise<boolean> {
  const salt = hexlify(randomBytes(32));
  const expected = getCreate2Address(CREATE2_DEPLOYER, salt, keccak256(EMPTY_INIT_CODE));
  try {
    const returned = await provider.call({
      to: CREATE2_DEPLOYER,
      data: concat([salt, EMPTY_INIT_CODE]),
    });
    return returned === expected.toLowerCase();
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION")) return false;
    throw rpcFailure(error, "looking for the CREATE2 deployer");
  }
}
