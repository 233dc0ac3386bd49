/** In whose right a name is changed: a closed list. `authorityRules` says what each of them may do. */
import type { Hex } from "../../abi/hex.js";
import type { Address } from "../../ens/address.js";
import type { NameRequest, RequestDomain } from "../../signing/nameRequest.js";
import type { OperationMessage } from "../../signing/operationMessage.js";

/** `service` and `admin` are told apart in the history, and an admin's suspension binds the service. */
export type Authority =
  | { readonly kind: "service"; readonly keyId: string }
  | { readonly kind: "admin" }
  /** A wallet's EIP-712 signature; kept in the history as the proof. */
  | (OwnersSignature & {
      readonly kind: "owner";
      readonly request: NameRequest;
      /** Canonical JSON of what came with it: the text whose hash was signed. */
      readonly content: string;
    })
  /** The owner's signature under a message by ERC-7884, which has no sequence; kept as well. */
  | (OwnersSignature & { readonly kind: "writer"; readonly message: OperationMessage })
  /**
   * What dm3's own clients sign, which has neither sequence nor time: enough to publish under a name that nobody
   * holds, never enough to bring something back. `address` is the wallet; `isFollowing` where the name is changed
   * because the wallet's address name was.
   */
  | { readonly kind: "dm3"; readonly address: Address; readonly isFollowing?: boolean };

export interface OwnersSignature extends WalletProof {
  /** Who signed. */
  readonly address: Address;
  readonly signedFor: RequestDomain;
  readonly signature: Hex;
}

export interface WalletProof {
  /** The block in whose state the contract accepted the signature; absent where a key made it. */
  readonly acceptedAtBlock?: bigint;
}
