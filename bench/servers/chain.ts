/** The chain with the resolvers that all servers answer for: hardhat's, so that a gateway can ask them what they understand. */
import { deployResolver } from "../../src/chain/deployResolver.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { SignpostError } from "../../src/errors.js";
import { DEPLOYER, RESOLVERS } from "./resolvers.js";

/** @param signer checksummed address of the key that all servers sign with */
export async function startBenchChain(signer: string): Promise<LocalChain> {
  const chain = await startLocalChain();
  try {
    for (const expected of RESOLVERS) {
      const made = await deployResolver(chain.admin, {
        owner: DEPLOYER,
        gatewaySigners: [signer],
        gatewayOrigins: ["https://gateway.example"],
        maxValiditySec: 300,
      });
      if (made.toLowerCase() === expected) continue;
      throw new SignpostError("INTERNAL", `The resolver is at ${made} instead of ${expected}.`);
    }
    return chain;
  } catch (error) {
    await chain.stop();
    throw error;
  }
}
