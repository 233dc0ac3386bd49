/** A wallet's signed request, in JSON. */
import type { NameAction } from "../signing/nameRequest.js";

export interface SignedRequestBody {
  /** Decimal. */
  readonly chainId: string;
  readonly resolver: string;
  readonly request: {
    readonly action: NameAction;
    readonly domain: string;
    readonly name: string;
    readonly contentHash: string;
    readonly sequence: number;
    readonly deadline: number;
  };
  /** By its action; what was hashed into `contentHash`. */
  readonly content: Readonly<Record<string, unknown>>;
  /** The wallet; a signature alone does not tell a wrong one from another's. */
  readonly signer: string;
  readonly signature: string;
}
