/** The functions of ENS contracts that we answer or call, each with the standard that defines it. */
import { abiFunction } from "../abi/abiFunction.js";
import type { Address } from "./address.js";
import type { Node } from "./namehash.js";

/** ENSIP-1 */
export const addr = abiFunction<[Node], [address: Address]>(
  "function addr(bytes32 node) view returns (address)",
);
/** ENSIP-9 */
export const addrOfCoin = abiFunction<[Node, coinType: bigint], [address: Uint8Array]>(
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
);
/** ENSIP-5 */
export const text = abiFunction<[Node, key: string], [value: string]>(
  "function text(bytes32 node, string key) view returns (string)",
);
/** ENSIP-7 */
export const contenthash = abiFunction<[Node], [contenthash: Uint8Array]>(
  "function contenthash(bytes32 node) view returns (bytes)",
);
/** ENSIP-9's companion (ens-contracts, `IHasAddressResolver`). */
export const hasAddr = abiFunction<[Node, coinType: bigint], [present: boolean]>(
  "function hasAddr(bytes32 node, uint256 coinType) view returns (bool)",
);
/** ENSIP-3 (EIP-181): the name that a reverse node stands for. */
export const name = abiFunction<[Node], [name: string]>(
  "function name(bytes32 node) view returns (string)",
);
/** EIP-619: a secp256k1 public key. */
export const pubkey = abiFunction<[Node], [x: Uint8Array, y: Uint8Array]>(
  "function pubkey(bytes32 node) view returns (bytes32 x, bytes32 y)",
);
/** ENSIP-4 (EIP-205): `contentTypes` has a bit for every encoding that the caller accepts. */
export const abi = abiFunction<
  [Node, contentTypes: bigint],
  [contentType: bigint, abi: Uint8Array]
>("function ABI(bytes32 node, uint256 contentTypes) view returns (uint256, bytes)");
/** ENSIP-24 */
export const data = abiFunction<[Node, key: string], [data: Uint8Array]>(
  "function data(bytes32 node, string key) view returns (bytes)",
);
/** ENSIP-24 */
export const supportedDataKeys = abiFunction<[Node], [keys: string[]]>(
  "function supportedDataKeys(bytes32 node) view returns (string[])",
);
/** ENSIP-8. Its text prints 0xb8f2bbb4 for this; clients and ens-contracts use the selector of the signature. */
export const interfaceImplementer = abiFunction<
  [Node, interfaceId: Uint8Array],
  [implementer: Address]
>("function interfaceImplementer(bytes32 node, bytes4 interfaceID) view returns (address)");
/** Several calls for one name in one (ens-contracts, `IMulticallable`). */
export const multicall = abiFunction<[calls: Uint8Array[]], [results: Uint8Array[]]>(
  "function multicall(bytes[] calls) view returns (bytes[])",
);
/** ENSIP-10 */
export const resolve = abiFunction<[dnsName: Uint8Array, call: Uint8Array], [result: Uint8Array]>(
  "function resolve(bytes name, bytes data) view returns (bytes)",
);
/** ERC-165 */
export const supportsInterface = abiFunction<[interfaceId: Uint8Array], [supported: boolean]>(
  "function supportsInterface(bytes4 interfaceId) view returns (bool)",
);
/** ENSIP-1, the registry's */
export const registryResolver = abiFunction<[Node], [resolver: Address]>(
  "function resolver(bytes32 node) view returns (address)",
);
/** ENSIP-1, the registry's */
export const registryOwner = abiFunction<[Node], [owner: Address]>(
  "function owner(bytes32 node) view returns (address)",
);

/** ENSIP-23: how a resolver says that it does not know a function. */
export const unsupportedResolverProfile = abiFunction<[selector: Uint8Array], []>(
  "error UnsupportedResolverProfile(bytes4 selector)",
);
