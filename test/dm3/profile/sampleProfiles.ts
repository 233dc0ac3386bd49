import { secp256k1 } from "@noble/curves/secp256k1.js";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { personalMessageDigest } from "../../../src/dm3/keys/walletSignature.js";
import type { SignedUserProfile, UserProfile } from "../../../src/dm3/profile/profile.js";
import { profileCreationMessage } from "../../../src/dm3/profile/profileSignature.js";
import { parseAddress } from "../../../src/ens/address.js";
import profiles from "../../vectors/profiles.json" with { type: "json" };

/** Alice, Bob and Mallory of the reference's vectors. */
export const { people } = profiles;
export const alice: SignedUserProfile = people.alice.signedUserProfile;
export const aliceAddress = parseAddress(people.alice.address);

/** What a wallet with this private key answers to personal_sign: r, s, v (27 or 28). */
export function personalSign(privateKey: string, message: string): Uint8Array {
  const [recovery = 0, ...rs] = secp256k1.sign(
    personalMessageDigest(message),
    fromHex(privateKey),
    {
      prehash: false,
      format: "recovered",
    },
  );
  return Uint8Array.of(...rs, 27 + recovery);
}

/** A profile as Alice would sign it. */
export function signedByAlice(profile: UserProfile): SignedUserProfile {
  const message = profileCreationMessage(aliceAddress, profile);
  return { profile, signature: toHex(personalSign(people.alice.walletPrivateKey, message)) };
}
