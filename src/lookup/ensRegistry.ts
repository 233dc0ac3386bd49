/** What the ENS registry says of a name (ENSIP-1). */
import type { AbiFunction } from "../abi/abiFunction.js";
import { isZero } from "../abi/word.js";
import { type Address, checksumAddress } from "../ens/address.js";
import type { Node } from "../ens/namehash.js";
import { registryOwner, registryResolver } from "../ens/resolverFunctions.js";
import { nobodyAnswered } from "../fetch/serversAsked.js";
import { type Chain, RPC_NODE } from "./askNode.js";
import { viewOf } from "./contractView.js";

interface RegisteredName {
  /** For the sentences of errors. */
  readonly name: string;
  readonly node: Node;
}

/** The resolver that is registered for exactly this name, or null. Throws UNREACHABLE. */
export function registeredResolver(
  chain: Chain,
  ensRegistry: Address,
  name: RegisteredName,
): Promise<Address | null> {
  return ask(chain, ensRegistry, registryResolver, name, "resolver");
}

/** The owner of the name in the registry, or null when the name does not exist. Throws UNREACHABLE. */
export function registeredOwner(
  chain: Chain,
  ensRegistry: Address,
  name: RegisteredName,
): Promise<Address | null> {
  return ask(chain, ensRegistry, registryOwner, name, "owner");
}

async function ask(
  chain: Chain,
  ensRegistry: Address,
  view: AbiFunction<[node: Node], [address: Address]>,
  { name, node }: RegisteredName,
  what: string,
): Promise<Address | null> {
  const answer = await viewOf(chain, ensRegistry, view, node);
  if (answer === null) {
    const reason = `its chain has no ENS registry at ${checksumAddress(ensRegistry)}; give the right one (ensRegistry, --registry)`;
    throw nobodyAnswered(`The ${what} of ${name}`, [{ who: RPC_NODE, reason }]);
  }
  const [address] = answer;
  return isZero(address) ? null : address;
}
