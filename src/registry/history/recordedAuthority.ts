/** An authority as a history entry keeps it, so that anyone can check a signature again. */
import type { Digest } from "../../abi/digest.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { addressFrom, checksumAddress } from "../../ens/address.js";
import { type NameRequest, nameRequestDigest } from "../../signing/nameRequest.js";
import { operationMessageDigest } from "../../signing/operationMessage.js";
import type { Authority, OwnersSignature } from "../names/authority.js";

/** An authority as JSON. `database`: nobody's; the row was there, or was changed, without us. */
export type RecordedAuthority =
  | { readonly kind: "service"; readonly keyId: string }
  | { readonly kind: "admin" }
  | { readonly kind: "database" }
  | { readonly kind: "dm3"; readonly address: Hex }
  | (RecordedSignature & {
      readonly kind: "owner";
      readonly request: NameRequest;
      /** The text whose keccak256 is the request's contentHash. As a text, so that a database keeps it to the letter. */
      readonly content: string;
    })
  | (RecordedSignature & { readonly kind: "writer"; readonly message: RecordedMessage });

/** What an owner signed, by a request or by a writer's message. */
export type SignedAuthority = RecordedAuthority & { readonly kind: "owner" | "writer" };

export function isSigned(authority: RecordedAuthority): authority is SignedAuthority {
  return authority.kind === "owner" || authority.kind === "writer";
}

interface RecordedSignature {
  readonly address: Hex;
  /** Decimal. */
  readonly chainId: string;
  readonly resolver: Hex;
  readonly signature: Hex;
  /** Decimal; where a contract wallet accepted the signature, in whose state. Absent where a key made it. */
  readonly acceptedAtBlock?: string;
}

/** ERC-7884's message; the time in decimal. */
interface RecordedMessage {
  readonly data: Hex;
  readonly sender: Hex;
  readonly expirationTimestamp: string;
}

export function recordedAuthority(authority: Authority): RecordedAuthority {
  switch (authority.kind) {
    case "service":
    case "admin":
      return authority;
    case "dm3":
      return { kind: "dm3", address: checksumAddress(authority.address) };
    case "owner": {
      const { request, content } = authority;
      return { kind: "owner", ...recordedSignature(authority), request, content };
    }
    case "writer": {
      const { data, sender, expirationTimestamp } = authority.message;
      return {
        kind: "writer",
        ...recordedSignature(authority),
        message: {
          data: toHex(data),
          sender: checksumAddress(sender),
          expirationTimestamp: expirationTimestamp.toString(),
        },
      };
    }
  }
}

function recordedSignature({
  address,
  signedFor,
  signature,
  acceptedAtBlock,
}: OwnersSignature): RecordedSignature {
  return {
    address: checksumAddress(address),
    chainId: signedFor.chainId.toString(),
    resolver: checksumAddress(signedFor.resolver),
    signature,
    ...(acceptedAtBlock !== undefined && { acceptedAtBlock: acceptedAtBlock.toString() }),
  };
}

/** What an owner's entry was made over: what was signed (EIP-712). */
export function digestOfEntry(authority: SignedAuthority): Digest {
  const signedFor = {
    chainId: BigInt(authority.chainId),
    resolver: addressFrom(fromHex(authority.resolver)),
  };
  if (authority.kind === "owner") return nameRequestDigest(signedFor, authority.request);
  const { data, sender, expirationTimestamp } = authority.message;
  return operationMessageDigest(signedFor, {
    data: fromHex(data),
    sender: addressFrom(fromHex(sender)),
    expirationTimestamp: BigInt(expirationTimestamp),
  });
}
