/** Whether a chain lets resolvers be deployed at predictable addresses. */
import { randomBytes } from "node:crypto";
import { concat, getCreate2Address, hexlify, keccak256 } from "ethers";
import { toHex } from "../abi/hex.js";
import type { Chain } from "../lookup/askNode.js";
import { ethCall } from "../lookup/ethCall.js";
import { CREATE2_DEPLOYER } from "./deterministicDeployment.js";

const EMPTY_INIT_CODE = "0x";

/**
 * Whether the canonical deployer stands on this chain and does what it should. It is asked to create an empty
 * contract, without sending anything, and has to name the address that follows from CREATE2. Throws UNREACHABLE.
 */
export async function hasCreate2Deployer(chain: Chain): Promise<boolean> {
  const salt = hexlify(randomBytes(32));
  const expected = getCreate2Address(CREATE2_DEPLOYER, salt, keccak256(EMPTY_INIT_CODE));
  const call = { to: CREATE2_DEPLOYER, data: concat([salt, EMPTY_INIT_CODE]) };
  const { kind, data } = await ethCall(chain, call, "latest");
  return kind === "returned" && toHex(data) === expected.toLowerCase();
}
