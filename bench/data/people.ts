/** Who the names belong to: real wallets with profiles that they signed, shared by many names in turn. */
import { randomBytes } from "node:crypto";
import { signUp } from "../../src/demo/people.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { DOMAIN } from "./names.js";

export interface Person {
  /** 20 bytes as 0x hex, in lower case. */
  readonly address: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly contenthash: Buffer;
}

/** ENSIP-7: an IPFS directory (CIDv1, dag-pb, SHA-256), which 32 bytes of hash follow. */
const IPFS = Buffer.from("e3010170" + "1220", "hex");

export async function makePeople(count: number): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let number = 0; number < count; number++) {
    const { address, signedUserProfile } = await signUp([`relay.${DOMAIN}`]);
    people.push({
      address: address.toLowerCase(),
      texts: {
        [DM3_PROFILE_KEY]: encodeProfileRecord(signedUserProfile),
        avatar: `https://example.com/avatars/${number}.png`,
        email: `user${number}@example.com`,
        "com.github": `user${number}`,
        description: `The person number ${number} of the benchmark`,
      },
      contenthash: Buffer.concat([IPFS, randomBytes(32)]),
    });
  }
  return people;
}
