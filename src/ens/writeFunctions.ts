/** The functions of ENS resolvers that write a record, as ens-contracts' PublicResolver has them. */
import { abiFunction } from "../abi/abiFunction.js";
import type { Address } from "./address.js";
import type { Node } from "./namehash.js";

/** ENSIP-1: coin type 60. */
export const setAddr = abiFunction<[Node, address: Address], []>(
  "function setAddr(bytes32 node, address a)",
);
/** ENSIP-9 */
export const setAddrOfCoin = abiFunction<[Node, coinType: bigint, address: Uint8Array], []>(
  "function setAddr(bytes32 node, uint256 coinType, bytes a)",
);
/** ENSIP-5 */
export const setText = abiFunction<[Node, key: string, value: string], []>(
  "function setText(bytes32 node, string key, string value)",
);
/** ENSIP-7 */
export const setContenthash = abiFunction<[Node, hash: Uint8Array], []>(
  "function setContenthash(bytes32 node, bytes hash)",
);
/** ENSIP-3 */
export const setName = abiFunction<[Node, name: string], []>(
  "function setName(bytes32 node, string newName)",
);
/** EIP-619 */
export const setPubkey = abiFunction<[Node, x: Uint8Array, y: Uint8Array], []>(
  "function setPubkey(bytes32 node, bytes32 x, bytes32 y)",
);
/** ENSIP-4 */
export const setAbi = abiFunction<[Node, contentType: bigint, data: Uint8Array], []>(
  "function setABI(bytes32 node, uint256 contentType, bytes data)",
);
/** ENSIP-24 */
export const setData = abiFunction<[Node, key: string, data: Uint8Array], []>(
  "function setData(bytes32 node, string key, bytes data)",
);
/** ENSIP-8 */
export const setInterface = abiFunction<[Node, interfaceId: Uint8Array, implementer: Address], []>(
  "function setInterface(bytes32 node, bytes4 interfaceID, address implementer)",
);
/** All records of the name at once. */
export const clearRecords = abiFunction<[Node], []>("function clearRecords(bytes32 node)");

export const multicall = abiFunction<[calls: Uint8Array[]], [results: Uint8Array[]]>(
  "function multicall(bytes[] data) returns (bytes[] results)",
);
/** The one that ENSIP-20 names: all calls are about this node. */
export const multicallWithNodeCheck = abiFunction<
  [Node, calls: Uint8Array[]],
  [results: Uint8Array[]]
>("function multicallWithNodeCheck(bytes32 nodehash, bytes[] data) returns (bytes[] results)");
