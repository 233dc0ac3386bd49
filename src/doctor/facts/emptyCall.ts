/**
 * The probe by which the UniversalResolver tells contracts of before EIP-140, which burn all gas to fail: an empty call
 * with 5,000 gas. Whoever burns them gets 50,000 gas for each call (ens-contracts, CCIPReader).
 */
import { fromHex, toHex } from "../../abi/hex.js";
import { keccak256 } from "../../abi/keccak256.js";
import { isZero, toNumber } from "../../abi/word.js";
import type { Address } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { addr } from "../../ens/resolverFunctions.js";
import { callContract } from "../../lookup/ethCall.js";
import { nameOf, observation, type Patient } from "../patient.js";
import { wrappedCall } from "./lookup.js";
import { resolverOf } from "./namedResolver.js";

/** What the UniversalResolver gives its probe. */
const PROBE_GAS = 5000;
/** First access to an account, and the instructions between the two measurements. */
const PROBE_OVERHEAD_GAS = 2600 + 22;

/** How the resolver stands the probe; null where the node does not run calls that create contracts. */
export const emptyCallOf = observation(async (patient: Patient) => {
  const { address } = await resolverOf(patient);
  const gas = await gasOfEmptyCall(patient, address);
  if (gas === null) return null;
  return { gas, isStood: gas < PROBE_GAS };
});

/** The twin of its code in Solidity is contracts/test/EmptyCallProbe.sol. */
async function gasOfEmptyCall(patient: Patient, contract: Address): Promise<number | null> {
  // GAS; 4 x PUSH1 0; PUSH20 contract; PUSH2 5000; STATICCALL; POP; GAS; SWAP1; SUB; MSTORE at 0; RETURN 32 bytes
  const word = await run(
    patient,
    `0x5a600060006000600073${toHex(contract).slice(2)}611388fa505a900360005260206000f3`,
  );
  return word === null ? null : Math.max(0, Number(toNumber(word)) - PROBE_OVERHEAD_GAS);
}

/** Whether the resolver answers `addr(node)` with 50,000 gas as it does with as much as it wants. */
export async function answersWithLittleGas(patient: Patient): Promise<boolean> {
  const { address } = await resolverOf(patient);
  const name = nameOf(patient);
  const callData = await wrappedCall(patient, name, addr.encodeInput(namehash(name)));
  const { data } = await callContract(patient, address, callData);
  if (data.length === 0) return true; // nothing that less gas could spoil
  const length = callData.length.toString(16).padStart(4, "0");
  const code = [
    `61${length}605f600039`, // CODECOPY to 0 of the call data, which stands behind these 95 bytes
    // 2 x PUSH1 0; PUSH2 length; PUSH1 0; PUSH20 contract; PUSH2 50000; STATICCALL; POP
    `6000600061${length}600073${toHex(address).slice(2)}61c350fa50`,
    "3d600060003e3d600020", // RETURNDATACOPY of all to 0; its SHA3
    `7f${toHex(keccak256(data)).slice(2)}14`, // PUSH32 of the expected one; EQ
    "60005260206000f3", // MSTORE at 0; RETURN 32 bytes
    toHex(callData).slice(2),
  ];
  const word = await run(patient, `0x${code.join("")}`);
  return word !== null && !isZero(word);
}

/** The word that this init code returns, which is executed, not deployed; null where the node does not do that. */
async function run({ provider, deadline }: Patient, code: string): Promise<Uint8Array | null> {
  try {
    const returned = await deadline.race(
      provider.request({ method: "eth_call", params: [{ data: code }, "latest"] }),
    );
    const word = fromHex(String(returned));
    return word.length === 32 ? word : null;
  } catch {
    // a node that demands a `to` says so in words of its own; nothing else depends on this call
    return null;
  }
}
