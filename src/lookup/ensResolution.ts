/** From a name to its resolver, and from the resolver to the result of a call (ENSIP-1, ENSIP-10). */
import { fromHex } from "../abi/hex.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { parentName } from "../ens/hierarchy.js";
import { namehash } from "../ens/namehash.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { resolve } from "../ens/resolverFunctions.js";
import { isSignpostError } from "../errors.js";
import type { Chain } from "./askNode.js";
import { callWithCcipRead, type ReadContext } from "./ccipRead.js";
import { failedCheck } from "./checks.js";
import { claimsInterface } from "./contractView.js";
import { registeredResolver } from "./ensRegistry.js";
import { explainRevert, saysUnsupported } from "./resolverErrors.js";

export interface FoundResolver {
  readonly address: Address;
  /** Whether it answers ENSIP-10's `resolve`; one that does not answers plain calls for its own name. */
  readonly extended: boolean;
}

/** ENSIP-10. */
export const EXTENDED_RESOLVER_ID = fromHex("0x9061b923");

/**
 * Walks from the name up to its top-level name until one has a resolver. One that belongs to a parent
 * counts only if it answers for names below (ENSIP-10). Null when there is none. Throws UNREACHABLE.
 */
export async function findResolver(
  chain: Chain,
  ensRegistry: Address,
  asked: ResolvableName,
): Promise<FoundResolver | null> {
  for (let name: string | null = asked.name; name !== null; name = parentName(name)) {
    const node = name === asked.name ? asked.node : namehash(name);
    const address = await registeredResolver(chain, ensRegistry, { name, node });
    if (address === null) continue;
    const extended = await claimsInterface(chain, address, EXTENDED_RESOLVER_ID);
    return extended || name === asked.name ? { address, extended } : null;
  }
  return null;
}

/**
 * Calls a function of the resolver about `name`, through gateways where it asks for them. Returns the
 * function's ABI-encoded result, or null when the resolver does not know the function. Throws UNREACHABLE or a
 * failed check.
 */
export async function callResolver(
  context: ReadContext,
  resolver: FoundResolver,
  { dnsName }: ResolvableName,
  call: Uint8Array,
): Promise<Uint8Array | null> {
  const outerCall = resolver.extended ? resolve.encodeInput(dnsName, call) : call;
  const result = await callWithCcipRead(context, resolver.address, outerCall);
  if (result.kind === "reverted") {
    // ENSIP-23 takes a revert without data for a function that does not exist, as it is on old resolvers
    if (result.data.length === 0 || saysUnsupported(result.data)) return null;
    const { reason } = explainRevert(result.data);
    throw failedCheck(
      "resolver-call",
      `The resolver ${checksumAddress(resolver.address)} refuses the call: ${reason}. Ask its owner.`,
    );
  }
  if (!resolver.extended || result.data.length === 0) return nullIfEmpty(result.data);
  const inner = decodeInner(result.data);
  return saysUnsupported(inner) ? null : nullIfEmpty(inner);
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
