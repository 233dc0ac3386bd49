/** What the wallet that owns a name has to sign for a change, where its key is not here. */
import { SignpostError } from "../../errors.js";
import {
  createWalletClient,
  type NameRequestTypedData,
  type OwnerWallet,
  type SignedRequestBody,
} from "../../sdk/node.js";

export interface AskedOfWallet {
  readonly typedData: NameRequestTypedData;
  /** The body to send; its signature is to be filled in. */
  readonly request: SignedRequestBody;
}

type Wish = Parameters<ReturnType<typeof createWalletClient>["sign"]>[1];

/**
 * @param owner 0x hex; null for a name that is its service's own
 * Throws INVALID_REQUEST without an owner, and what the service refuses.
 */
export async function askedOfWallet(
  url: string,
  name: string,
  owner: string | null,
  wish: Wish,
): Promise<AskedOfWallet> {
  if (owner === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "It was signed for a name without an owner, so no wallet can sign for it. Prove with --owner, or register with an API key.",
    );
  }
  const seen: NameRequestTypedData[] = [];
  // it notes what it is asked to sign
  const wallet: OwnerWallet = {
    address: owner,
    signMessage: () => Promise.reject(new Error("Nothing else is signed.")),
    signTypedData: (typedData) => {
      seen.push(typedData);
      return Promise.resolve("");
    },
  };
  const request = await createWalletClient({ url, wallet }).sign(name, wish);
  const [typedData] = seen;
  if (typedData === undefined) throw new SignpostError("INTERNAL", "No wallet was asked.");
  return { typedData, request };
}

export function walletLines(url: string, asked: AskedOfWallet): readonly string[] {
  return [
    "Let the owner's wallet sign typedData (eth_signTypedData_v4), put the signature into request, and send that:",
    `POST ${url.replace(/\/+$/, "")}/v1/requests`,
    JSON.stringify(asked, null, 2),
  ];
}
