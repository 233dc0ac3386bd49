/** A request that a wallet signs for a name of its own; docs/api.md says who may ask for what. */
import { sameBytes } from "../abi/bytes.js";
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import type { CertificateRecord, CertificateScheme } from "../dm3/statement/certificate.js";
import type { NetworkRecord } from "../dm3/statement/networkRecord.js";
import type { ProvenProfile } from "../dm3/statement/nodeProof.js";
import { parseAddress } from "../ens/address.js";
import { isWithin } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import {
  contentHash,
  type NameRequest,
  nameRequestTypedData,
  usesSequence,
} from "../signing/nameRequest.js";
import type { NextRequest } from "../wire/nextRequest.js";
import type { OwnRecords } from "../wire/ownRecords.js";
import type { Scope } from "../wire/scopes.js";
import type { SignedRequestBody } from "../wire/signedRequest.js";
import type { OwnerWallet } from "./ownerWallet.js";

/** What a wallet can ask for, with what the request carries. */
export type NameWish =
  | { readonly action: "claim" | "deleteProfile" | "delete" | "readHistory" }
  | { readonly action: "removeRelayNode" | "removeNetwork" }
  | { readonly action: "registerRelayNode"; readonly relayNode: ProvenProfile }
  | { readonly action: "registerNetwork"; readonly network: NetworkRecord }
  | { readonly action: "publishCertificate"; readonly certificate: CertificateRecord }
  | { readonly action: "removeCertificate"; readonly scheme: CertificateScheme }
  | { readonly action: "publishProfile"; readonly signedUserProfile: SignedUserProfile }
  | { readonly action: "setRecords"; readonly records: OwnRecords }
  /** `to`: the wallet that has the name afterwards, 0x hex of 20 bytes. */
  | { readonly action: "move"; readonly to: string }
  /** For a domain itself: its owner signs in. */
  | { readonly action: "openSession"; readonly scopes: readonly Scope[] };

/** A resolver that answers for the domain. */
export interface SignedFor {
  /** Decimal. */
  readonly chainId: string;
  /** 0x hex of 20 bytes. */
  readonly resolver: string;
}

/** A person needs a while to look at what they sign; the service takes up to 15 minutes. */
const DEADLINE_SEC = 600;

/**
 * Has the wallet sign, once.
 *
 * @param next what the service says is due for the name: `requests.next(name)`
 * @param signedFor one of `next.resolvers`; without it, the one on the wallet's chain, or the first
 * @throws INVALID_REQUEST when no resolver answers for the domain, or `signedFor` does not, or the wallet stays on another
 * chain; UNREACHABLE when `next` is about a name outside of its domain. What the wallet throws passes through
 */
export async function signNameRequest(
  wallet: OwnerWallet,
  next: NextRequest,
  { action, ...content }: NameWish,
  signedFor?: SignedFor,
): Promise<SignedRequestBody> {
  const { name, domain } = next;
  assertUnderDomain(next);
  const { chainId, resolver } = await resolverToSignFor(wallet, next, signedFor);
  const request: NameRequest = {
    action,
    domain,
    name,
    contentHash: contentHash(content),
    sequence: usesSequence(action) ? next.sequence : 0,
    // by the service's clock, which judges it: a device's may be minutes wrong
    deadline: (next.nowSec ?? Math.floor(Date.now() / 1000)) + DEADLINE_SEC,
  };
  const typedData = nameRequestTypedData(
    { chainId: BigInt(chainId), resolver: parseAddress(resolver.toLowerCase()) },
    request,
  );
  await bringToChain(wallet, BigInt(chainId));
  const signature = await wallet.signTypedData(typedData);
  return { chainId, resolver, request, content, signer: wallet.address, signature };
}

async function resolverToSignFor(
  wallet: OwnerWallet,
  { domain, resolvers }: NextRequest,
  wanted: SignedFor | undefined,
): Promise<SignedFor> {
  const [first] = resolvers;
  if (!first) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `No resolver answers for ${domain}, so there is nothing to sign for. The service adds one with \`signpost domain connect\`.`,
      { domain },
    );
  }
  if (wanted) {
    const resolver = parseAddress(wanted.resolver);
    const found = resolvers.find(
      (one) => one.chainId === wanted.chainId && sameBytes(parseAddress(one.resolver), resolver),
    );
    if (found) return found;
    throw new SignpostError(
      "INVALID_REQUEST",
      `The resolver ${wanted.resolver} on chain ${wanted.chainId} does not answer for ${domain} at this service, so nothing was signed. Check which service you ask.`,
      { domain, resolvers },
    );
  }
  // asked only where there is a choice
  if (resolvers.length === 1 || !wallet.chainId) return first;
  const chainId = String(await wallet.chainId());
  return resolvers.find((one) => one.chainId === chainId) ?? first;
}

/** Browser wallets refuse to sign for another chain than the one they are on, each in its own words. */
async function bringToChain(wallet: OwnerWallet, chainId: bigint): Promise<void> {
  if (!wallet.chainId || !wallet.switchChain) return;
  if ((await wallet.chainId()) === chainId) return;
  await wallet.switchChain(chainId);
}

/** The service could otherwise have a signature made that counts for another domain's names. */
function assertUnderDomain({ name, domain }: NextRequest): void {
  if (isWithin(name, domain)) return;
  const reason = `says that ${name} lies under ${domain}`;
  throw new SignpostError("UNREACHABLE", `The service ${reason}. Check which service you ask.`, {
    reason: `it ${reason}`,
  });
}
