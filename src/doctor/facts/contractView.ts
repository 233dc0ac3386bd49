import type { AbiFunction } from "../../abi/abiFunction.js";
import { isSignpostError } from "../../errors.js";
import { callContract } from "../../lookup/contractCall.js";
import type { Patient } from "../patient.js";

/**
 * What a view function returns, or null when the contract has no such function: it reverts, or returns
 * something else. Throws UNREACHABLE.
 */
export async function viewOf<In extends readonly unknown[], Out extends readonly unknown[]>(
  patient: Patient,
  contract: Uint8Array,
  view: AbiFunction<In, Out>,
  ...args: In
): Promise<Out | null> {
  const result = await callContract(patient, contract, view.encodeInput(...args));
  if (result.kind === "reverted") return null;
  try {
    return view.decodeOutput(result.data);
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}
