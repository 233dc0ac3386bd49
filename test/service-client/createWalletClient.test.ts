/** An owner's client against the real service: every action, by every kind of wallet, and what is refused. */
import { expect } from "chai";
import type { HDNodeWallet } from "ethers";
import { Wallet as EthersWallet } from "ethers";
import { toHex } from "../../src/abi/hex.js";
import {
  connectWallet,
  createClient,
  createProfile,
  createWalletClient,
  type WalletClient,
} from "../../src/sdk/index.js";
import { expectError, expectRejection } from "../expectError.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../http/openTestService.js";
import { SERVICE_RESOLVER } from "../registry/signed/signedRequests.js";
import { ADDRESS, sampleWallets } from "../wallet/sampleWallets.js";
import { everyItem } from "./everyItem.js";

describe("sdk/client: createWalletClient", () => {
  let http: TestService;
  let signer: HDNodeWallet;
  let mine: WalletClient;
  let name: string;
  let count = 0;

  before(async () => {
    http = await openTestService();
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
  });
  after(() => http.stop());
  beforeEach(() => {
    signer = EthersWallet.createRandom();
    mine = createWalletClient({ url: http.url, wallet: signer });
    name = `owner-${count++}.${DOMAIN}`;
  });
  const service = () => createClient({ url: http.url, apiKey: API_KEY });

  it("claims, publishes, writes records, reads its history, moves and deletes", async () => {
    expect(await mine.next(name)).to.deep.include({ owner: null, held: false, sequence: 1 });
    const claimed = await mine.claim(name);
    expect(claimed).to.deep.include({ name, outcome: "created", sequence: 1 });
    const { signedUserProfile } = await createProfile(signer, [`relay.${DOMAIN}`]);
    const published = await mine.publishProfile(name, signedUserProfile);
    expect(published).to.deep.include({ outcome: "changed", sequence: 2 });
    await mine.setRecords(name, { texts: { avatar: "a" } });
    const shown = await service().names.get(name);
    expect(shown).to.deep.include({ owner: signer.address, held: true, sequence: 3 });
    expect(shown?.texts["avatar"]).to.equal("a");
    await mine.deleteProfile(name);

    const operations = async (options?: Parameters<WalletClient["history"]>[1]) =>
      (await everyItem(mine.history(name, options))).map(({ entry }) => entry.operation);
    const all = ["claim", "publishProfile", "setRecords", "deleteProfile"];
    expect(await operations()).to.deep.equal(all);
    expect(await operations({ pageSize: 3 })).to.deep.equal(all);
    expect(await operations({ after: 3 })).to.deep.equal(all.slice(3));

    const next = EthersWallet.createRandom();
    await mine.move(name, next.address);
    await expectRejection(mine.delete(name), "WRONG_SIGNER", /./);
    const theirs = createWalletClient({ url: http.url, wallet: next });
    expect(await theirs.delete(name)).to.deep.equal({
      ...{ name, outcome: "deleted", sequence: 6, version: null },
    });
    expect(await service().names.get(name)).to.equal(null);
  });

  for (const [kind, open] of Object.entries(sampleWallets)) {
    it(`publishes a free name with one signature: ${kind}`, async () => {
      const wallet = await open();
      const { signedUserProfile } = await createProfile(await connectWallet(wallet), [
        `relay.${DOMAIN}`,
      ]);
      const client = createWalletClient({ url: http.url, wallet });
      expect(await client.publishProfile(name, signedUserProfile)).to.include({
        outcome: "created",
      });
      expect((await service().names.get(name))?.owner).to.equal(ADDRESS);
    });
  }

  it("signs what somebody else sends, once", async () => {
    const signed = await mine.sign(name, { action: "claim" });
    const { requests } = service();
    expect(await requests.send(signed)).to.include({ outcome: "created" });
    await expectRejection(requests.send(signed), "WRONG_SEQUENCE", /used before/);
    expect((await service().names.get(name))?.owner).to.equal(signer.address);
  });

  it("throws what the service refused", async () => {
    await mine.claim(`a-${name}`);
    const other = createWalletClient({ url: http.url, wallet: EthersWallet.createRandom() });
    const taken = await expectRejection(other.claim(`a-${name}`), "NAME_TAKEN", /another wallet/);
    expect(taken.details["status"]).to.equal(409);
    await expectRejection(mine.next("alice.elsewhere.eth"), "UNKNOWN_DOMAIN", /./);
    await expectRejection(other.setRecords(`a-${name}`, { texts: {} }), "WRONG_SIGNER", /./);
    const entries = everyItem(other.history(`a-${name}`));
    await expectRejection(entries, "WRONG_SIGNER", /./);
  });

  it("signs for the resolver that it was told, and for no other", async () => {
    const signedFor = { chainId: "1", resolver: toHex(SERVICE_RESOLVER.resolver) };
    const pinned = createWalletClient({ url: http.url, wallet: signer, signedFor });
    expect(await pinned.claim(name)).to.include({ outcome: "created" });
    const elsewhere = createWalletClient({
      ...{ url: http.url, wallet: signer, signedFor: { ...signedFor, chainId: "10" } },
    });
    await expectRejection(elsewhere.delete(name), "INVALID_REQUEST", /nothing was signed/);
  });

  it("asks a wallet again that was not ready the first time", async () => {
    let isLocked = true;
    const wallet = await connectWallet(signer);
    const client = createWalletClient({
      url: http.url,
      wallet: {
        request: ({ method, params }) =>
          method.startsWith("eth_signTypedData")
            ? wallet.signTypedData(JSON.parse(String(params[1])) as never)
            : Promise.resolve(isLocked ? [] : [signer.address]),
      },
    });
    await expectRejection(client.claim(name), "INVALID_REQUEST", /no account for this page/);
    isLocked = false;
    expect(await client.claim(name)).to.include({ outcome: "created" });
  });

  it("refuses options that make no sense, before it asks anybody", () => {
    const wrong: [options: unknown, sentence: RegExp][] = [
      [{ url: http.url }, /option wallet is missing/],
      [{ url: http.url, wallet: signer, apiKey: API_KEY }, /no option apiKey/],
      [{ wallet: signer }, /option url/],
    ];
    for (const [options, sentence] of wrong) {
      expectError(
        () => createWalletClient(options as Parameters<typeof createWalletClient>[0]),
        "INVALID_REQUEST",
        sentence,
      );
    }
  });
});
