/**
 * That a wallet signed a digest: by its key, or, where a contract is the wallet, by that contract's word.
 *
 * The key comes first, and only where it is the wallet's own: nothing on a chain can take it back. ERC-6492 has
 * contracts asked before keys, because a contract may take what another key signed; such a signature recovers to
 * another address than the wallet's, and so reaches the contract here as well.
 */
import { sameBytes } from "../../abi/bytes.js";
import { recoverSigner } from "../../dm3/keys/walletSignature.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { isWrapped } from "../../signing/wrappedSignature.js";
import type { WalletProof } from "../names/authority.js";
import type { ContractWallets, WalletQuestion } from "./contractWallets.js";

export type SignedDigest = Omit<WalletQuestion, "atBlock">;

/** The second by EIP-2098. */
const KEY_SIGNATURE_BYTES: readonly number[] = [65, 64];

/**
 * Throws WRONG_SIGNER when the wallet did not sign, INVALID_REQUEST for a signature that is none or that this
 * installation cannot check, and UNREACHABLE when the chain could not be asked.
 */
export async function proveSigned(
  signed: SignedDigest,
  contractWallets: ContractWallets,
): Promise<WalletProof> {
  const byKey = recovered(signed);
  if (byKey instanceof Uint8Array && sameBytes(byKey, signed.wallet)) return {};
  if (contractWallets.knows(signed.chainId)) {
    const answer = await contractWallets.ask({ ...signed, atBlock: null });
    if (answer.status === "accepted") return { acceptedAtBlock: answer.atBlock };
    if (answer.status === "refused") throw refusedByContract(signed);
    if (needsContract(signed)) throw noContract(signed);
  } else if (needsContract(signed)) {
    throw cannotAsk(signed);
  }
  throw byKey instanceof Uint8Array ? wrongKey(signed, byKey) : byKey;
}

/** The address whose key made the signature, or why none can have. */
function recovered({ digest, signature }: SignedDigest): Address | SignpostError {
  try {
    return recoverSigner(digest, signature, "INVALID_REQUEST");
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST", "WRONG_SIGNER")) return error;
    throw error;
  }
}

function needsContract({ signature }: SignedDigest): boolean {
  return !KEY_SIGNATURE_BYTES.includes(signature.length) || isWrapped(signature);
}

function wrongKey({ wallet }: SignedDigest, found: Address): SignpostError {
  const [expected, recovered] = [checksumAddress(wallet), checksumAddress(found)];
  return new SignpostError(
    "WRONG_SIGNER",
    `The request was not signed by ${expected}, or was signed for another chain, resolver, domain, name, content, sequence or deadline: its signature recovers to ${recovered}.`,
    { expected, recovered },
  );
}

function refusedByContract({ chainId, wallet }: SignedDigest): SignpostError {
  const [expected, chain] = [checksumAddress(wallet), chainId.toString()];
  return new SignpostError(
    "WRONG_SIGNER",
    `The contract wallet ${expected} on chain ${chain} does not accept this signature (ERC-1271): it was made by somebody else, for another request, or by a key that the wallet no longer trusts.`,
    { expected, chainId: chain },
  );
}

function noContract({ chainId, wallet, signature }: SignedDigest): SignpostError {
  const [expected, chain] = [checksumAddress(wallet), chainId.toString()];
  const deployed = isWrapped(signature)
    ? ", and the signature's factory does not deploy one there"
    : "";
  return new SignpostError(
    "WRONG_SIGNER",
    `The signature has ${signature.length} bytes, which only a contract wallet accepts, but no contract is at ${expected} on chain ${chain}${deployed}. Sign with the wallet that you name, for a resolver on its chain.`,
    { expected, chainId: chain },
  );
}

function cannotAsk({ chainId, wallet }: SignedDigest): SignpostError {
  const chain = chainId.toString();
  return new SignpostError(
    "INVALID_REQUEST",
    `The signature can only be checked by a contract wallet at ${checksumAddress(wallet)}, and this service has no RPC node of chain ${chain} to ask it. Sign with a key, or ask the operator to name one (CHAIN_RPC_URLS).`,
    { chainId: chain },
  );
}
