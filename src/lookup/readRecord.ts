import { isZero } from "../abi/word.js";
import { type Address, checksumAddress } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { addr, text } from "../ens/resolverFunctions.js";
import { callResolver, type FoundResolver } from "./callResolver.js";
import type { ReadContext } from "./readContext.js";

/** The text record (ENSIP-5), or null when it is absent. Throws UNREACHABLE or a failed check. */
export async function readText(
  context: ReadContext,
  resolver: FoundResolver,
  name: ResolvableName,
  key: string,
): Promise<string | null> {
  const call = text.encodeInput(name.node, key);
  const result = await callResolver(context, resolver, name, call);
  if (result === null) return null;
  const [value] = context.checks.run("record-format", `text(${key}) is a text`, () =>
    text.decodeOutput(result),
  );
  return value === "" ? null : value;
}

/**
 * The name's Ethereum address, or null when it is absent. It is read with ENSIP-1's `addr(bytes32)`,
 * as the DM3 reference does, so that both compare a profile's signature with the same address.
 * Throws UNREACHABLE or a failed check.
 */
export async function readAddress(
  context: ReadContext,
  resolver: FoundResolver,
  name: ResolvableName,
): Promise<Address | null> {
  const result = await callResolver(context, resolver, name, addr.encodeInput(name.node));
  if (result === null) return null;
  const [address] = context.checks.run("record-format", "addr is an address", () =>
    addr.decodeOutput(result),
  );
  if (isZero(address)) return null;
  context.checks.pass("name-address", `${name.name} has the address ${checksumAddress(address)}`);
  return address;
}
