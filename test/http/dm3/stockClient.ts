/**
 * A stock dm3 client: dm3's own libraries make profiles and signatures, and the requests are those of the messenger's
 * adapter (dm3-org/dm3, packages/messenger-widget/src/adapters/offchainResolverApi.ts) to the letter.
 */
import { sign } from "@dm3-org/dm3-lib-crypto";
import {
  createProfile,
  formatAddress,
  normalizeEnsName,
  type SignedUserProfile,
} from "@dm3-org/dm3-lib-profile";
import { type BaseWallet, Wallet } from "ethers";
import { ADDRESSES, type Dm3Service, type RawAnswer } from "./openDm3Service.js";

export interface StockClient {
  readonly wallet: BaseWallet;
  /** As the client knows its own account. */
  readonly addressName: string;
  /** Base64 of 64 bytes. */
  readonly signingKey: string;
  /** The same keys with other relay nodes. */
  profileWith(...deliveryServices: string[]): Promise<SignedUserProfile>;
  claimAddress(signedUserProfile: SignedUserProfile, subdomain?: string): Promise<RawAnswer>;
  claimSubdomain(dm3Name: string): Promise<RawAnswer>;
  removeAlias(dm3Name: string): Promise<RawAnswer>;
  getNameForAddress(): Promise<RawAnswer>;
}

export async function stockClient(
  http: Dm3Service,
  wallet: BaseWallet = Wallet.createRandom(),
): Promise<StockClient> {
  const profileOf = (deliveryServices: string[]) =>
    createProfile(
      wallet.address,
      deliveryServices,
      // never asked, because we sign
      undefined as unknown as Parameters<typeof createProfile>[2],
      { signer: (message: string) => wallet.signMessage(message) },
    );
  const { keys } = await profileOf([]);
  const signingKey = keys.signingKeyPair.privateKey;
  const addressName = normalizeEnsName(`${wallet.address}.${ADDRESSES}`);
  return {
    wallet,
    addressName,
    signingKey,
    profileWith: async (...names) => (await profileOf(names)).signedProfile,
    claimAddress: (signedUserProfile, subdomain = ADDRESSES) =>
      http.post("/profile/address", { signedUserProfile, address: wallet.address, subdomain }),
    claimSubdomain: async (dm3Name) => {
      const signature = await sign(signingKey, "alias: " + dm3Name);
      return http.post("/profile/name", { dm3Name, addressName, signature });
    },
    removeAlias: async (dm3Name) => {
      const signature = await sign(signingKey, "remove: " + dm3Name);
      return http.post("/profile/deleteName", { dm3Name, signature });
    },
    getNameForAddress: () => http.get(`/profile/name/${formatAddress(wallet.address)}`),
  };
}
