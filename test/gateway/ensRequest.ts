/**
 * Requests as clients make them, and answers as resolvers verify them: built on ethers alone, so that nothing
 * of ours checks itself.
 */
import {
  AbiCoder,
  concat,
  dnsEncode,
  getBytes,
  hexlify,
  Interface,
  keccak256,
  namehash,
  recoverAddress,
  solidityPackedKeccak256,
  toBeHex,
  toUtf8Bytes,
  zeroPadValue,
} from "ethers";
import { openedByEthers } from "../interop/make/batchByEthers.js";

const resolver = new Interface([
  "function resolve(bytes name, bytes data) view returns (bytes)",
  "function addr(bytes32 node) view returns (address)",
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
  "function contenthash(bytes32 node) view returns (bytes)",
  "function hasAddr(bytes32 node, uint256 coinType) view returns (bool)",
  "function name(bytes32 node) view returns (string)",
  "function pubkey(bytes32 node) view returns (bytes32 x, bytes32 y)",
  "function ABI(bytes32 node, uint256 contentTypes) view returns (uint256, bytes)",
  "function data(bytes32 node, string key) view returns (bytes)",
  "function supportedDataKeys(bytes32 node) view returns (string[])",
  "function interfaceImplementer(bytes32 node, bytes4 interfaceID) view returns (address)",
  "function multicall(bytes[] calls) view returns (bytes[])",
]);

export type RecordFunction =
  | "addr(bytes32)"
  | "addr(bytes32,uint256)"
  | "text"
  | "contenthash"
  | "hasAddr"
  | "name"
  | "pubkey"
  | "ABI"
  | "data"
  | "supportedDataKeys"
  | "interfaceImplementer"
  | "multicall";

/** The inner call: `args` without the node. */
export function recordCall(name: string, fn: RecordFunction, ...args: unknown[]): string {
  const node = fn === "multicall" ? [] : [namehash(name)];
  return resolver.encodeFunctionData(fn, [...node, ...args]);
}

/** The DNS form of labels as they are; ethers would normalise them. */
export function rawDnsName(...labels: readonly string[]): string {
  const parts = labels.map((label) => toUtf8Bytes(label));
  return hexlify(concat([...parts.flatMap((part) => [Uint8Array.of(part.length), part]), "0x00"]));
}

/** `resolve` with a name in DNS form that no client would send. */
export function rawResolveRequest(dnsName: string, call: string): string {
  return resolver.encodeFunctionData("resolve", [dnsName, call]);
}

/** ENSIP-10 `resolve`, bound to a chain as our resolver does it, or to none. */
export function resolveRequest(name: string, call: string, chainId?: bigint): string {
  const request = resolver.encodeFunctionData("resolve", [dnsEncode(name, 255), call]);
  return chainId === undefined ? request : concat([request, zeroPadValue(toBeHex(chainId), 32)]);
}

export function textRequest(name: string, key: string, chainId?: bigint): string {
  return resolveRequest(name, recordCall(name, "text", key), chainId);
}

export function decodeResult(fn: RecordFunction, result: string): unknown {
  const values = resolver.decodeFunctionResult(fn, result).toArray(true) as unknown[];
  return values.length > 1 ? values : values[0];
}

export interface VerifiedAnswer {
  readonly result: string;
  readonly expiresSec: bigint;
  /** Whose signature it is, alone or of a batch, checksummed; an arbitrary address when it is not over these very bytes. */
  readonly signer: string;
  readonly signature: Uint8Array;
}

/** Takes an answer apart as the resolver's callback does. Throws when it has another form. */
export function verifyAnswer(
  response: string | Uint8Array,
  { target, request }: { target: string; request: string },
): VerifiedAnswer {
  const decoded = AbiCoder.defaultAbiCoder().decode(
    ["bytes", "uint64", "bytes"],
    hexlify(response),
  );
  const [result, expiresSec, signature] = decoded.toArray() as [string, bigint, string];
  const digest = solidityPackedKeccak256(
    ["bytes2", "address", "uint64", "bytes32", "bytes32"],
    ["0x1900", target, expiresSec, keccak256(request), keccak256(result)],
  );
  const signed = openedByEthers(signature, digest);
  return {
    result,
    expiresSec,
    signer: recoverAddress(signed.digest, signed.signature),
    signature: getBytes(signature),
  };
}
