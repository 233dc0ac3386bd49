/** A call to a resolver about a name (ENSIP-1, ENSIP-10), and what its result means. */
import { fromHex } from "../abi/hex.js";
import { type Address, checksumAddress } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { resolve } from "../ens/resolverFunctions.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { nobodyAnswered } from "../fetch/serversAsked.js";
import { RPC_NODE } from "./askNode.js";
import { callWithCcipRead } from "./ccipRead.js";
import { failedCheck } from "./checks.js";
import { interfaceClaim } from "./contractView.js";
import type { ReadContext } from "./readContext.js";
import { explainRevert, saysNobodyBehind, saysUnsupported } from "./resolverErrors.js";

export interface FoundResolver {
  readonly address: Address;
  /** The name that ENS names it for: the one that was asked for, or one above it. */
  readonly registeredName: string;
  /** Whether it answers ENSIP-10's `resolve`; one that does not answers plain calls for its own name. */
  readonly extended: boolean;
}

/** ENSIP-10. */
export const EXTENDED_RESOLVER_ID = fromHex("0x9061b923");

/**
 * Calls a function of the resolver about `name`, through gateways where it asks for them. Returns the
 * function's ABI-encoded result, or null when the resolver does not know the function or the name. Throws UNREACHABLE or a
 * failed check.
 */
export async function callResolver(
  context: ReadContext,
  resolver: FoundResolver,
  name: ResolvableName,
  call: Uint8Array,
): Promise<Uint8Array | null> {
  const result = await callWithCcipRead(context, resolver.address, outerCall(resolver, name, call));
  if (result.kind === "reverted") {
    if (saysUnsupported(result.data) || saysNobodyBehind(result.data)) return null;
    if (result.data.length === 0 && (await lacksFunction(context, resolver, call))) return null;
    throw refusal(resolver, result.data);
  }
  if (!resolver.extended || result.data.length === 0) return nullIfEmpty(result.data);
  const inner = decodeInner(result.data);
  return saysUnsupported(inner) ? null : nullIfEmpty(inner);
}

/** What the resolver is called with for `call` about `name`. */
export function outerCall(
  { extended }: FoundResolver,
  { dnsName }: ResolvableName,
  call: Uint8Array,
): Uint8Array {
  return extended ? resolve.encodeInput(dnsName, call) : call;
}

/**
 * Whether a plain resolver that reverted without data has no such function, as old ones have not. One that speaks
 * ENSIP-10 says so by an error with data (ENSIP-23). So does every request to ask a gateway, but some nodes and
 * wallets lose the data of a revert: then it could not be found out.
 */
async function lacksFunction(
  context: ReadContext,
  { address, extended }: FoundResolver,
  call: Uint8Array,
): Promise<boolean> {
  return !extended && (await interfaceClaim(context, address, call.subarray(0, 4))) === false;
}

function refusal({ address }: FoundResolver, revertData: Uint8Array): SignpostError {
  const resolver = checksumAddress(address);
  if (revertData.length === 0) {
    const reason = `the resolver ${resolver} reverts and gives no reason; either it is broken, or the node loses the data of a revert`;
    return nobodyAnswered("The record", [{ who: RPC_NODE, reason }]);
  }
  const { reason } = explainRevert(revertData);
  return failedCheck(
    "resolver-call",
    `The resolver ${resolver} refuses the call: ${reason}. Ask its owner.`,
  );
}

function nullIfEmpty(data: Uint8Array): Uint8Array | null {
  return data.length === 0 ? null : data;
}

function decodeInner(data: Uint8Array): Uint8Array {
  try {
    return resolve.decodeOutput(data)[0];
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CALL_DATA")) throw error;
    throw failedCheck(
      "record-format",
      `The resolver's result cannot be read. ${error.message}`,
      error,
    );
  }
}
