/** Contract wallets do not sign in: theirs are on a real EVM, which is not asked. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { parseAddress } from "../../../src/ens/address.js";
import type { Contract } from "../../contracts/deployment.js";
import { CHAIN_ID, deployWallet, type KeyPair } from "../../contracts/walletChain.js";
import { bytes } from "../../db/sampleNames.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { everyKey } from "../../registry/access/everyKey.js";
import { sessionWish } from "../../registry/signed/sessionWish.js";
import { signRequest, type Wish } from "../../registry/signed/signedRequests.js";
import { type Answer, DOMAIN, openTestService, type TestService } from "../openTestService.js";

const resolver = bytes(20, 0x5f);
const ON_CHAIN = { chainId: CHAIN_ID, resolver, domain: DOMAIN };
/** The service knows a node of it, which is down. */
const DEAD_CHAIN = { chainId: 5n, resolver, domain: DOMAIN };

describe("http: sessions of contract wallets", () => {
  let http: TestService;
  let chain: ChainServer;
  let key: KeyPair;
  let wallet: Contract;
  let address: string;

  before(async () => {
    chain = await serveChain();
    const chainRpcUrls = new Map([
      [CHAIN_ID, chain.url],
      [DEAD_CHAIN.chainId, await deadUrl()],
    ]);
    http = await openTestService(undefined, { chainRpcUrls });
    await answering(ON_CHAIN);
  });
  after(async () => {
    await http.stop();
    await chain.close();
  });
  beforeEach(async () => {
    key = Wallet.createRandom();
    wallet = await deployWallet(key);
    address = await wallet.getAddress();
    await http.service.domains.changeDomain(DOMAIN, {
      ...{ owner: parseAddress(address), ownerSignsIn: true },
    });
  });

  /** These resolvers of the domain, and no others. */
  async function answering(...resolvers: readonly (typeof ON_CHAIN)[]) {
    const { domains } = http.service;
    for (const one of await domains.resolversOf(DOMAIN)) await domains.disconnectResolver(one);
    for (const one of resolvers) await domains.connectResolver(one);
  }
  const signIn = async ({
    signedFor = ON_CHAIN,
    by = key,
    as = address,
    form = (signature: string) => signature,
    ...wish
  }: Partial<Wish> & {
    by?: KeyPair;
    as?: string;
    form?: (signature: string) => string;
  } = {}): Promise<Answer> => {
    const signed = await signRequest(by, { ...sessionWish(DOMAIN), ...wish, signedFor });
    const body = { ...signed, signer: as, signature: form(signed.signature) };
    return http.v1("POST", "/sessions", body, null);
  };
  const codeOf = ({ status, body }: Answer) => [status, body["code"]];

  it("begin by no contract's word, which is the word of a chain", async () => {
    const refused = await signIn();
    expect(codeOf(refused)).to.deep.equal([422, "WRONG_SIGNER"]);
    expect(refused.body["message"]).to.match(/Contract wallets cannot sign in.*by an API key/);
    const { domains } = http.service;
    const sessions = (await everyKey(domains, DOMAIN)).filter(
      ({ expiresMs }) => expiresMs !== null,
    );
    expect(sessions).to.deep.equal([]);
    // the same wallet's key may be the owner itself
    await domains.changeDomain(DOMAIN, { owner: parseAddress(key.address) });
    expect((await signIn({ as: key.address })).status).to.equal(201);
  });

  it("ask no chain, whatever the signature looks like", async () => {
    await answering(DEAD_CHAIN);
    const onDead = { signedFor: DEAD_CHAIN };
    const forms = [
      (signature: string) => signature,
      () => `0x${"01".repeat(65)}`,
      () => "0x",
      () => `0x${"01".repeat(200)}`,
      // ERC-6492
      () => `0x${"01".repeat(64)}${"6492".repeat(16)}`,
    ];
    for (const form of forms) {
      expect(codeOf(await signIn({ ...onDead, form }))).to.deep.equal([422, "WRONG_SIGNER"]);
    }
    // in the other routes neither: it is refused for what it is
    const signed = { domain: DOMAIN, name: DOMAIN, action: "openSession", sequence: 0 } as const;
    const body = { ...(await signRequest(key, { ...signed, ...onDead })), signer: address };
    for (const path of ["/requests", "/histories"]) {
      const answer = await http.v1("POST", path, body, null);
      expect(codeOf(answer)).to.deep.equal([400, "INVALID_REQUEST"]);
    }
    await answering(ON_CHAIN);
  });
});
