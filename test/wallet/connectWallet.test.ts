import { expect } from "chai";
import hre from "hardhat";
import { createWalletClient as createViemClient, custom } from "viem";
import { fromHex } from "../../src/abi/hex.js";
import { recoverSigner } from "../../src/dm3/keys/walletSignature.js";
import { checksumAddress } from "../../src/ens/address.js";
import {
  connectWallet,
  createProfile,
  type Eip1193Provider,
  type Wallet,
} from "../../src/sdk/index.js";
import {
  type NameRequest,
  nameRequestDigest,
  nameRequestTypedData,
} from "../../src/signing/nameRequest.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { ADDRESS, sampleWallets } from "./sampleWallets.js";

const DOMAIN = { chainId: 1n, resolver: bytes(20, 0x5f) };
const REQUEST: NameRequest = {
  action: "claim",
  domain: "users.example.eth",
  name: "alice.users.example.eth",
  contentHash: `0x${"ab".repeat(32)}`,
  sequence: 1,
  deadline: 1_764_000_000,
};

describe("sdk/wallet: connectWallet", () => {
  for (const [kind, open] of Object.entries(sampleWallets)) {
    it(`has the same account sign the same: ${kind}`, async () => {
      const wallet = await connectWallet(await open());
      expect(wallet.address.toLowerCase()).to.equal(ADDRESS.toLowerCase());
      const signature = await wallet.signTypedData(nameRequestTypedData(DOMAIN, REQUEST));
      const digest = nameRequestDigest(DOMAIN, REQUEST);
      const signer = recoverSigner(digest, fromHex(signature), "INVALID_REQUEST");
      expect(checksumAddress(signer)).to.equal(ADDRESS);
      const { address } = await createProfile(wallet, ["relay.example.eth"]);
      expect(address).to.equal(ADDRESS);
      const direct = await createProfile(await open(), ["relay.example.eth"]);
      expect(direct.address).to.equal(ADDRESS);
      if (wallet.chainId) expect(await wallet.chainId()).to.equal(31337n);
    });
  }

  it("takes whatever signs, as it is", async () => {
    const own = {
      address: ADDRESS,
      signMessage: () => Promise.resolve("0x"),
      signTypedData: () => Promise.resolve("0x"),
    };
    expect(await connectWallet(own)).to.equal(own);
  });

  it("asks a browser wallet that is not connected yet to open", async () => {
    const asked: string[] = [];
    const locked: Eip1193Provider = {
      request: ({ method }) => {
        asked.push(method);
        return Promise.resolve(method === "eth_requestAccounts" ? [ADDRESS] : []);
      },
    };
    expect((await connectWallet(locked)).address).to.equal(ADDRESS);
    expect(asked).to.deep.equal(["eth_accounts", "eth_requestAccounts"]);
    const empty: Eip1193Provider = { request: () => Promise.resolve([]) };
    await expectRejection(connectWallet(empty), "INVALID_REQUEST", /no account for this page/);
  });

  it("passes on that the person declined", async () => {
    const declined = Object.assign(new Error("User rejected the request."), { code: 4001 });
    const declining: Eip1193Provider = { request: () => Promise.reject(declined) };
    expect(await connectWallet(declining).catch((error: unknown) => error)).to.equal(declined);
  });

  it("refuses what is no wallet, and a client of viem without an account", async () => {
    const transport = custom(hre.network.provider as unknown as Eip1193Provider);
    await expectRejection(
      connectWallet(createViemClient({ transport })),
      "INVALID_REQUEST",
      /viem client has no account/,
    );
    for (const nothing of [null, undefined, "0x", {}, { address: ADDRESS }]) {
      await expectRejection(
        connectWallet(nothing as unknown as Wallet),
        "INVALID_REQUEST",
        /is no wallet/,
      );
    }
    const half = { address: ADDRESS, signMessage: () => Promise.resolve("0x") };
    await expectRejection(
      connectWallet(half as unknown as Wallet),
      "INVALID_REQUEST",
      /is no wallet/,
    );
  });
});
