/** ERC-7996: what a resolver says that it can do beyond its interface. */
import { abiFunction } from "../abi/abiFunction.js";
import { fromHex } from "../abi/hex.js";

/** ERC-165 id of ERC-7996. */
export const FEATURES_INTERFACE = fromHex("0x582de3e7");

export const supportsFeature = abiFunction<[featureId: Uint8Array], [supported: boolean]>(
  "function supportsFeature(bytes4 featureId) view returns (bool)",
);

/** "eth.ens.resolver.extended.multicall" of ENSIP-22: one lookup fetches several records. */
export const MULTICALL_FEATURE = fromHex("0x96b62db8");

/** "eth.signpost.resolver.batch": its callback takes answers that share a signature, see batchSignature.ts. */
export const BATCH_FEATURE = fromHex("0x41212723");
