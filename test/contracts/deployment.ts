/** Contracts on the in-process EVM, and calls to them with a type that TypeScript can check. */
import type {} from "@nomicfoundation/hardhat-ethers";
import hre from "hardhat";

import "./matchers.js";

export const { ethers } = hre;

// Hardhat is CommonJS and brings its own declarations of ethers' classes: those are the ones to name here.
export type Contract = Awaited<ReturnType<typeof ethers.deployContract>>;
export type SigningKey = InstanceType<typeof ethers.SigningKey>;
type Transaction = ReturnType<ReturnType<Contract["getFunction"]>["send"]>;

export const URLS = ["https://gateway.example/{sender}/{data}.json", "http://localhost:8080/post"];
export const MAX_VALIDITY_SEC = 300n;

/** Signs answers; not one of the accounts of the chain. */
export const gatewaySigner = new ethers.SigningKey(`0x${"11".repeat(32)}`);
export const gatewaySignerAddress = ethers.computeAddress(gatewaySigner);

export interface ResolverSettings {
  readonly owner: string;
  readonly signers: readonly string[];
  readonly urls: readonly string[];
  readonly maxValiditySec: bigint;
}

/** Deploys OffchainResolver; its owner is the first account of the chain unless `settings` says otherwise. */
export async function deployResolver(settings: Partial<ResolverSettings> = {}): Promise<Contract> {
  const [first] = await ethers.getSigners();
  return deploy(
    "OffchainResolver",
    settings.owner ?? first!.address,
    settings.signers ?? [gatewaySignerAddress],
    settings.urls ?? URLS,
    settings.maxValiditySec ?? MAX_VALIDITY_SEC,
  );
}

export function deploy(name: string, ...constructorArguments: unknown[]): Promise<Contract> {
  return ethers.deployContract(name, constructorArguments);
}

/** Calls a function without sending a transaction; arrays are plain ones, not ethers' `Result`. */
export async function read(
  contract: Contract,
  name: string,
  ...values: unknown[]
): Promise<unknown> {
  const returned: unknown = await contract.getFunction(name).staticCall(...values);
  return returned instanceof ethers.Result ? returned.toArray() : returned;
}

/** Sends a transaction. */
export function send(contract: Contract, name: string, ...values: unknown[]): Transaction {
  return contract.getFunction(name).send(...values);
}

/** The arguments of the OffchainLookup that a call to `contract` reverts with. */
export async function lookupOf(contract: Contract, callData: string) {
  const revertData = await revertDataOf(contract, callData);
  const [sender, urls, request, callbackFunction, extraData] = ethers.AbiCoder.defaultAbiCoder()
    .decode(["address", "string[]", "bytes", "bytes4", "bytes"], `0x${revertData.slice(10)}`)
    .toArray() as [string, string[], string, string, string];
  return { selector: revertData.slice(0, 10), sender, urls, request, callbackFunction, extraData };
}

/** The bytes that a call reverts with; fails if it does not revert. */
export async function revertDataOf(contract: Contract, callData: string): Promise<string> {
  const to = await contract.getAddress();
  try {
    await ethers.provider.call({ to, data: callData });
  } catch (error) {
    if (ethers.isCallException(error) && error.data !== null) return error.data;
    const { data } = error as { data?: unknown };
    if (typeof data === "string") return data;
    throw error;
  }
  throw new Error(`A call to ${to} was expected to revert, but returned.`);
}

/** The call data that hands `response` to the callback of a lookup. */
export function callbackData(
  lookup: { callbackFunction: string; extraData: string },
  response: string,
): string {
  return ethers.concat([
    lookup.callbackFunction,
    ethers.AbiCoder.defaultAbiCoder().encode(["bytes", "bytes"], [response, lookup.extraData]),
  ]);
}

/** The time of the latest block, in seconds; calls to the in-process EVM run at this time. */
export async function latestTimestamp(): Promise<bigint> {
  const block = await ethers.provider.getBlock("latest");
  return BigInt(block!.timestamp);
}
