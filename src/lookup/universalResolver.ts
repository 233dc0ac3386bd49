/** ENS's UniversalResolver (ENSIP-23): which resolver answers for a name, in ENSv1 and ENSv2 alike. */
import { abiFunction } from "../abi/abiFunction.js";
import { toHex } from "../abi/hex.js";
import { isZero } from "../abi/word.js";
import { type Address, checksumAddress, parseAddress } from "../ens/address.js";
import { decodeDnsName } from "../ens/dnsName.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { isSignpostError, type SignpostError } from "../errors.js";
import { nobodyAnswered } from "../fetch/serversAsked.js";
import { type Chain, chainIdOf, RPC_NODE } from "./askNode.js";
import type { FoundResolver } from "./callResolver.js";
import { callContract, type CallResult } from "./ethCall.js";
import type { RegisteredResolver } from "./registryWalk.js";
import { explainRevert } from "./resolverErrors.js";

/** The same on every chain that ENS is on: a proxy whose implementation follows ENS from v1 to v2. */
export const ENS_UNIVERSAL_RESOLVER = parseAddress("0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe");

/** Ethereum and the test chains on which ENS has put it. */
export const ENS_CHAINS: readonly bigint[] = [1n, 17_000n, 11_155_111n];

const requireResolver = abiFunction<
  [dnsName: Uint8Array],
  [info: [name: Uint8Array, offset: bigint, node: Uint8Array, resolver: Address, extended: boolean]]
>(
  "function requireResolver(bytes name) view returns ((bytes name, uint256 offset, bytes32 node, address resolver, bool extended) info)",
);
const findResolver = abiFunction<
  [dnsName: Uint8Array],
  [resolver: Address, node: Uint8Array, offset: bigint]
>(
  "function findResolver(bytes name) view returns (address resolver, bytes32 node, uint256 offset)",
);
const resolverNotFound = abiFunction<[dnsName: Uint8Array], []>(
  "error ResolverNotFound(bytes name)",
);
const resolverNotContract = abiFunction<[dnsName: Uint8Array, resolver: Address], []>(
  "error ResolverNotContract(bytes name, address resolver)",
);

/**
 * The resolver that answers for the name, by ENSIP-10; null within when it has none. Null when there is no
 * contract at `universalResolver`, on a chain where ENS has put none. Throws UNREACHABLE when it cannot be found out.
 */
export async function askUniversalResolver(
  chain: Chain,
  universalResolver: Address,
  asked: ResolvableName,
): Promise<{ readonly resolver: FoundResolver | null } | null> {
  const call = requireResolver.encodeInput(asked.dnsName);
  const result = await callContract(chain, universalResolver, call);
  if (result.kind === "returned" && result.data.length === 0) {
    await noneThere(chain, universalResolver);
    return null;
  }
  return { resolver: readAnswer(universalResolver, asked, result) };
}

/**
 * The nearest resolver of the name or one above it, fit to answer or not, or null; "none there" where there is no
 * contract at `universalResolver`, on a chain where ENS has put none. Throws UNREACHABLE.
 */
export async function nearestByUniversalResolver(
  chain: Chain,
  universalResolver: Address,
  { dnsName }: ResolvableName,
): Promise<RegisteredResolver | null | "none there"> {
  const call = findResolver.encodeInput(dnsName);
  const { kind, data } = await callContract(chain, universalResolver, call);
  if (kind === "reverted") {
    throw cannotTell(universalResolver, `it refuses: ${explainRevert(data).reason}`);
  }
  if (data.length === 0) return await noneThere(chain, universalResolver);
  const [address, , offset] = readable(universalResolver, () => findResolver.decodeOutput(data));
  if (isZero(address)) return null;
  const registeredName = readable(universalResolver, () =>
    decodeDnsName(dnsName.subarray(Number(offset))),
  );
  return { address, registeredName };
}

/** Throws UNREACHABLE on a chain where ENS has put one, so that it is the node that does not know it. */
async function noneThere(chain: Chain, universalResolver: Address): Promise<"none there"> {
  if (!ENS_CHAINS.includes(await chainIdOf(chain))) return "none there";
  throw cannotTell(universalResolver, "the node does not know the contract that is there");
}

function readAnswer(
  universalResolver: Address,
  { name, dnsName }: ResolvableName,
  { kind, data }: CallResult,
): FoundResolver | null {
  const found = readable(universalResolver, (): FoundResolver | null | undefined => {
    if (kind === "returned") {
      const [[, offset, , address, extended]] = requireResolver.decodeOutput(data);
      const registeredName = decodeDnsName(dnsName.subarray(Number(offset)));
      return { address, registeredName, extended };
    }
    const selector = toHex(data.subarray(0, 4));
    if (selector === resolverNotFound.selector) return null;
    if (selector !== resolverNotContract.selector) return undefined;
    const [, address] = resolverNotContract.decodeInput(data);
    return { address, registeredName: name, extended: false };
  });
  if (found !== undefined) return found;
  throw cannotTell(universalResolver, `it refuses: ${explainRevert(data).reason}`);
}

function readable<T>(universalResolver: Address, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CALL_DATA", "INVALID_NAME")) throw error;
    throw cannotTell(universalResolver, "it answers in another form than ENSIP-23's");
  }
}

function cannotTell(universalResolver: Address, reason: string): SignpostError {
  const where = `the UniversalResolver at ${checksumAddress(universalResolver)}`;
  const failed = { who: RPC_NODE, reason: `${where}: ${reason}` };
  return nobodyAnswered("The resolver of the name", [failed]);
}
