/**
 * A wallet signs in by its key: the owner of a domain gets an API key that ends by itself. No chain is asked, because
 * whoever answers for one would be the owner of every domain that a contract owns.
 */
import { sameBytes } from "../../abi/bytes.js";
import type { Hex } from "../../abi/hex.js";
import { type Address, checksumAddress, parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { type NameRequest, nameRequestDigest } from "../../signing/nameRequest.js";
import { type Scope, SCOPES } from "../../wire/scopes.js";
import type { Session } from "../../wire/sessions.js";
import type { SignedRequestBody } from "../../wire/signedRequest.js";
import { whyNoSignIn } from "../../wire/whyNoSignIn.js";
import type { Clock } from "../changes/clock.js";
import { nameUnderDomain } from "../changes/nameUnderDomain.js";
import type { Domain } from "../domains/domain.js";
import { newSession } from "../domains/session.js";
import { assertInTime } from "../names/requestTime.js";
import type { DomainStore } from "../store.js";
import type { ContractWallets } from "./contractWallets.js";
import { contentOf, verifySignedRequest } from "./signedRequest.js";

type Domains = Pick<DomainStore, "domainHolding" | "aliases" | "resolversOf" | "openSession">;

/**
 * Throws INVALID_REQUEST for a request that opens no session, FORBIDDEN for a domain that is not here, has no owner, or
 * where the owner may not sign in, WRONG_SIGNER for whatever the owner's key did not sign, WRONG_SEQUENCE for a request that
 * opened one already, LIMIT_EXCEEDED where too many were opened; and as `verifySignedRequest`.
 *
 * @param apiKey from `sessionKeyFrom`
 */
export async function openSession(
  domains: Domains,
  body: SignedRequestBody,
  apiKey: string,
  nowMs: Clock,
): Promise<Session> {
  const request = { ...body.request, contentHash: body.request.contentHash as Hex };
  const { domain } = request;
  assertOpensSession(request);
  assertInTime(request, nowMs());
  const scopes = scopesOf(request, body.content);
  const wallet = parseAddress(body.signer);
  const held = await nameUnderDomain(domains, domain, domain);
  assertSignsIn(wallet, held.domain);
  const { authority } = await verifySignedRequest(domains, body, keyAlone(wallet));
  const digest = nameRequestDigest(authority.signedFor, request);
  const session = newSession({ domain, wallet, digest }, apiKey, scopes);
  const opened = await domains.openSession(session, () => {
    assertInTime(request, nowMs());
  });
  if (opened === null) throw await signsInNoMore(domains, domain, wallet);
  return {
    domain,
    wallet: checksumAddress(wallet),
    apiKey,
    scopes: [...scopes],
    expiresAtMs: opened.expiresMs,
  };
}

function assertOpensSession({ action, domain, name, sequence }: NameRequest): void {
  if (action !== "openSession") {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The request was signed for ${action}; sign openSession to sign in.`,
      { action },
    );
  }
  if (name === domain && sequence === 0) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    "openSession is signed for the domain itself: `name` is the same as `domain`, and the sequence is 0.",
    { field: name === domain ? "sequence" : "name" },
  );
}

/** In the order of the list. */
function scopesOf(request: NameRequest, content: unknown): readonly Scope[] {
  const { scopes = [] } = contentOf(request, content);
  return SCOPES.filter((scope) => scopes.includes(scope));
}

function assertSignsIn(wallet: Address, { name, owner, ownerSignsIn }: Domain): void {
  const refusal = whyNoSignIn({ domain: name, owner, ownerSignsIn });
  if (refusal !== null) throw new SignpostError("FORBIDDEN", refusal, { domain: name });
  if (owner === null || !sameBytes(owner, wallet)) throw notTheOwner(wallet, name);
}

/** It might a moment ago. */
async function signsInNoMore(
  domains: Domains,
  domain: string,
  wallet: Address,
): Promise<SignpostError> {
  assertSignsIn(wallet, (await nameUnderDomain(domains, domain, domain)).domain);
  return notTheOwner(wallet, domain);
}

/** Where the wallet's key did not sign, no contract is asked. */
function keyAlone(wallet: Address): ContractWallets {
  const expected = checksumAddress(wallet);
  const refused = new SignpostError(
    "WRONG_SIGNER",
    `The request was not signed by the key of ${expected}, or was signed for another chain, resolver, domain, content or deadline. Contract wallets cannot sign in: if ${expected} is one, sign in by an API key.`,
    { expected },
  );
  return { knows: () => true, ask: () => Promise.reject(refused) };
}

function notTheOwner(wallet: Address, domain: string): SignpostError {
  return new SignpostError(
    "WRONG_SIGNER",
    `${checksumAddress(wallet)} is not the owner of the domain ${domain} here. Sign in with the owner's wallet, or by an API key.`,
    { name: domain },
  );
}
