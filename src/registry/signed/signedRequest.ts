/** A wallet's signed request: from untrusted JSON to what it asks for, and who signed it. */
import { fromHex, type Hex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { contentHash, type NameRequest, nameRequestDigest } from "../../signing/nameRequest.js";
import { parseInput } from "../../wire/parseInput.js";
import type { SignedRequestBody } from "../../wire/signedRequest.js";
import { type Content, contentSchemas } from "../../wire/signedRequestSchema.js";
import { nameUnderDomain } from "../changes/nameUnderDomain.js";
import type { Action } from "../names/action.js";
import type { Authority, OwnersSignature } from "../names/authority.js";
import { assertOwnerChain } from "../names/authorityRules.js";
import { isOwnedBy } from "../names/nameOwner.js";
import { assertInTime } from "../names/requestTime.js";
import type { SignatureState } from "../names/signatureState.js";
import type { StoredName } from "../names/storedName.js";
import { assertUsable } from "../names/usableRecords.js";
import {
  certificateAction,
  earlierRecordsAction,
  moveAction,
  networkAction,
  profileAction,
  relayNodeAction,
} from "../names/verifiedActions.js";
import type { DomainStore } from "../store.js";
import { type ContractWallets, NO_CHAINS } from "./contractWallets.js";
import { assertResolverOf } from "./resolverOfDomain.js";
import { proveSigned } from "./walletProof.js";

export interface VerifiedRequest {
  readonly request: NameRequest;
  readonly authority: Authority & { readonly kind: "owner" };
  readonly content: Content;
}

/**
 * Throws INVALID_NAME, FORBIDDEN when the name is another domain's, UNKNOWN_RESOLVER for a chain or resolver that does
 * not answer for the domain, INVALID_REQUEST when the content is not what was hashed, WRONG_SIGNER, and UNREACHABLE
 * when the chain of a contract wallet could not be asked. Whether the request counts now (deadline, sequence) and
 * whether the signer may do it is asked under the lock of the name.
 */
export async function verifySignedRequest(
  domains: Pick<DomainStore, "domainHolding" | "aliases" | "resolversOf">,
  body: SignedRequestBody,
  contractWallets: ContractWallets = NO_CHAINS,
): Promise<VerifiedRequest> {
  const request = { ...body.request, contentHash: body.request.contentHash as Hex };
  const signedFor = { chainId: BigInt(body.chainId), resolver: parseAddress(body.resolver) };
  await nameUnderDomain(domains, request.name, request.domain);
  await assertResolverOf(domains, request.domain, signedFor);
  if (contentHash(body.content) !== request.contentHash) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The content is not the one that was signed: its hash is not the request's contentHash. Send the content as it was signed.",
      { field: "contentHash" },
    );
  }
  const wallet = parseAddress(body.signer);
  const { chainId } = signedFor;
  const digest = nameRequestDigest(signedFor, request);
  const signature = body.signature as Hex;
  const signed = { chainId, wallet, digest, signature: fromHex(signature) };
  const proof = await proveSigned(signed, contractWallets);
  return {
    request,
    authority: {
      ...{ kind: "owner", address: wallet, signedFor, request, signature, ...proof },
      content: stringify(body.content),
    },
    content: contentOf(request, body.content),
  };
}

/** What the request does to the name. Throws INVALID_PROFILE, WRONG_SIGNER, INVALID_REQUEST for what it carries. */
export async function actionOf(verified: VerifiedRequest): Promise<Action> {
  const action = signedAction(verified);
  if (action.kind === "setRecords") await assertUsable(action.records);
  return action;
}

/** The same of a request that was carried out once: whether clients can use its records is not asked again. */
export function signedAction({
  request,
  authority,
  content,
}: Pick<VerifiedRequest, "request" | "content"> & {
  readonly authority: Pick<OwnersSignature, "address">;
}): Action {
  switch (request.action) {
    case "claim":
      return { kind: "claim", owner: authority.address };
    case "publishProfile":
      return profileAction(authority.address, content.signedUserProfile);
    case "setRecords":
      return earlierRecordsAction(content.records ?? {});
    case "registerRelayNode":
      return relayNodeAction(request.name, content.relayNode);
    case "registerNetwork":
      return networkAction(request.name, content.network);
    case "publishCertificate":
      return certificateAction(request.name, content.certificate);
    case "removeCertificate":
      return { kind: "removeCertificate", scheme: content.scheme ?? "openpgp" };
    case "move":
      return moveAction(parseAddress(content.to ?? ""));
    case "deleteProfile":
    case "removeRelayNode":
    case "removeNetwork":
    case "delete":
      return { kind: request.action };
    case "readHistory":
      throw new SignpostError(
        "INVALID_REQUEST",
        "A signed readHistory changes nothing; send it to POST /v1/histories.",
      );
    case "openSession":
      throw forSessions();
  }
}

/** Throws unless the request reads the history of a name that its signer owns. It uses no sequence. */
export function assertReadsHistory(
  { request, authority }: VerifiedRequest,
  stored: StoredName | null,
  signatureState: SignatureState,
  nowMs: number,
): void {
  const { action, name } = request;
  if (action !== "readHistory") {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The request was signed for ${action}; sign readHistory to read a history.`,
      { action },
    );
  }
  assertInTime(request, nowMs);
  assertOwnerChain(authority, signatureState, name);
  if (isOwnedBy(stored, authority.address)) return;
  throw new SignpostError(
    "WRONG_SIGNER",
    `${checksumAddress(authority.address)} does not own ${name}. Only the owner and the service can read the history of a name.`,
    { name },
  );
}

/** Why an openSession is taken for nothing else. */
export function forSessions(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "A signed openSession changes no name; send it to POST /v1/sessions.",
  );
}

/** Throws INVALID_REQUEST. */
export function contentOf({ action }: NameRequest, content: unknown): Content {
  return parseInput<Content>(contentSchemas[action], `The content of ${action}`, content);
}
