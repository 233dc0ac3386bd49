import { createProfile as createWithDm3 } from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import { concat, dataSlice, Signature, toBeHex, Wallet } from "ethers";
import { privateKeyToAccount } from "viem/accounts";
import { type Hex, toHex } from "../../src/abi/hex.js";
import { encodeBase64 } from "../../src/dm3/base64.js";
import { createProfile, type ProfileWallet } from "../../src/sdk/index.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../expectError.js";

type Provider = Parameters<typeof createWithDm3>[2];

const RELAY_NODES = ["relay.example.eth", "other.example.eth"];
const alice = new Wallet(people.alice.walletPrivateKey);
const bob = new Wallet(people.bob.walletPrivateKey);

function viemWallet(privateKey: string): ProfileWallet {
  const { address, signMessage } = privateKeyToAccount(privateKey as Hex);
  return { address, signMessage: (message) => signMessage({ message }) };
}

const isProfileMessage = (message: string) => message.includes("register your dm3 profile");

/** Signs the storage key as Alice and the profile in another way. */
function turning(signProfile: (message: string) => Promise<string>): ProfileWallet {
  return {
    address: alice.address,
    signMessage: (message) =>
      isProfileMessage(message) ? signProfile(message) : alice.signMessage(message),
  };
}

describe("createProfile", () => {
  const wallets = { ethers: alice, viem: viemWallet(alice.privateKey) };
  for (const [library, wallet] of Object.entries(wallets)) {
    it(`makes with a wallet of ${library} what dm3's library makes`, async () => {
      const { address, signedUserProfile, keys } = await createProfile(wallet, RELAY_NODES);
      // the chain is not asked when a signer is given
      const noChain: unknown = {};
      const reference = await createWithDm3(alice.address, RELAY_NODES, noChain as Provider, {
        signer: (message) => alice.signMessage(message),
      });
      expect(address).to.equal(alice.address);
      expect(signedUserProfile).to.deep.equal(reference.signedProfile);
      for (const pair of ["encryptionKeyPair", "signingKeyPair"] as const) {
        const { publicKey, privateKey } = keys[pair];
        expect({
          publicKey: encodeBase64(publicKey),
          privateKey: encodeBase64(privateKey),
        }).to.deep.equal(reference.keys[pair]);
      }
    });
  }

  it("takes an address in lower case, and gives it with its checksum", async () => {
    const wallet = {
      address: alice.address.toLowerCase(),
      signMessage: (message: string) => alice.signMessage(message),
    };
    const { address } = await createProfile(wallet, RELAY_NODES);
    expect(address).to.equal(alice.address);
  });

  it("makes the same keys again, and others with another nonce", async () => {
    const keyOf = async (nonce?: string) =>
      (await createProfile(alice, RELAY_NODES, nonce)).signedUserProfile.profile.publicSigningKey;
    expect(await keyOf()).to.equal(people.alice.profile.publicSigningKey);
    expect(await keyOf("another")).to.equal(await keyOf("another"));
    expect(await keyOf("another")).not.to.equal(await keyOf());
  });

  it("refuses a wallet that signs as another account", async () => {
    const sign = (message: string) => bob.signMessage(message);
    const changed = createProfile({ address: alice.address, signMessage: sign }, RELAY_NODES);
    const sentence = /not signed by the wallet 0x19E7.* recovers to 0x/;
    await expectRejection(changed, "WRONG_SIGNER", sentence);
    // a person who changes the account between the two signatures
    await expectRejection(createProfile(turning(sign), RELAY_NODES), "WRONG_SIGNER", sentence);
  });

  it("refuses a wallet that signs something else than it was asked to", async () => {
    const wallet = turning((message) => alice.signMessage(`${message} `));
    await expectRejection(createProfile(wallet, RELAY_NODES), "WRONG_SIGNER", /was changed after/);
  });

  it("refuses signatures that are none of an externally owned account", async () => {
    const contracts = { "63 bytes": 63, "a contract's bytes": 97, nothing: 0 };
    for (const [what, length] of Object.entries(contracts)) {
      const wallet = turning(() => Promise.resolve(toHex(new Uint8Array(length))));
      const created = createProfile(wallet, RELAY_NODES);
      await expectRejection(created, "INVALID_PROFILE", /not that of a key/).catch(
        (cause: unknown) => {
          throw new Error(what, { cause });
        },
      );
    }
  });

  it("passes on that the person declined", async () => {
    const declined = new Error("User rejected the request.");
    const wallet = turning(() => Promise.reject(declined));
    const thrown: unknown = await createProfile(wallet, RELAY_NODES).catch(
      (error: unknown) => error,
    );
    expect(thrown).to.equal(declined);
  });

  it("refuses an address that is none", async () => {
    const wallet = { address: "alice.eth", signMessage: () => Promise.resolve("0x") };
    await expectRejection(
      createProfile(wallet, RELAY_NODES),
      "INVALID_REQUEST",
      /not an Ethereum address/,
    );
  });

  const malformed: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    none: [[], /deliveryServices .* at least one relay node/],
    "no name": [["relay"], /deliveryServices\.0 .* at least two labels/],
    "not in normal form": [["relay.eth", "Relay.Example.eth"], /deliveryServices\.1 .*normal form/],
    "the same twice": [["relay.eth", "relay.eth"], /deliveryServices\.1 .*listed before/],
    "more than 16": [
      Array.from({ length: 17 }, (_, index) => `relay-${index}.eth`),
      /more than 16 relay nodes/,
    ],
  };
  for (const [title, [relayNodes, sentence]] of Object.entries(malformed)) {
    it(`refuses relay nodes that are malformed before the wallet signs a profile: ${title}`, async () => {
      let signedProfiles = 0;
      const wallet = turning((message) => {
        signedProfiles++;
        return alice.signMessage(message);
      });
      await expectRejection(createProfile(wallet, relayNodes), "INVALID_PROFILE", sentence);
      expect(signedProfiles).to.equal(0);
    });
  }

  describe("with a wallet that spells its signatures in its own way", () => {
    const spellings: Readonly<Record<string, (signature: string) => string>> = {
      "v as 0 or 1": (signature) => withV(signature, (v) => v - 27),
      "v as 37 or 38 (EIP-155)": (signature) => withV(signature, (v) => v + 10),
      "64 bytes (EIP-2098)": (signature) => Signature.from(signature).compactSerialized,
      "upper case": (signature) => `0x${signature.slice(2).toUpperCase()}`,
      "a high s": (signature) => {
        const { r, s, yParity } = Signature.from(signature);
        const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
        const high = toBeHex(order - BigInt(s), 32);
        return concat([r, high, toBeHex(28 - yParity)]);
      },
    };
    for (const [spelling, spell] of Object.entries(spellings)) {
      it(`makes the same keys and the same profile of ${spelling}`, async () => {
        const wallet: ProfileWallet = {
          address: alice.address,
          signMessage: async (message) => spell(await alice.signMessage(message)),
        };
        expect(await createProfile(wallet, RELAY_NODES)).to.deep.equal(
          await createProfile(alice, RELAY_NODES),
        );
      });
    }

    const withV = (signature: string, change: (v: number) => number) =>
      concat([dataSlice(signature, 0, 64), toBeHex(change(Number(dataSlice(signature, 64))), 1)]);
  });

  it("makes no keys with a wallet that signs the same text differently each time", async () => {
    let count = 0;
    const wallet: ProfileWallet = {
      address: alice.address,
      signMessage: (message) => alice.signMessage(`${message}${count++}`),
    };
    await expectRejection(
      createProfile(wallet, RELAY_NODES),
      "INVALID_PROFILE",
      /could never be made again/,
    );
  });

  it("says that a contract wallet's signature makes no keys", async () => {
    for (const signature of ["0x", `0x${"ab".repeat(130)}`, "signed"]) {
      const wallet = { address: alice.address, signMessage: () => Promise.resolve(signature) };
      await expectRejection(
        createProfile(wallet, RELAY_NODES),
        "INVALID_PROFILE",
        /not that of a key/,
      );
    }
  });
});
