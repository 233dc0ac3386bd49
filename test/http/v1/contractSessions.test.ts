/** Contract wallets that sign in, on a real EVM. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { parseAddress } from "../../../src/ens/address.js";
import { type Contract, send as transact } from "../../contracts/deployment.js";
import { CHAIN_ID, deployWallet, type KeyPair } from "../../contracts/walletChain.js";
import { bytes } from "../../db/sampleNames.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { nowSec, signRequest, type Wish } from "../../registry/signed/signedRequests.js";
import { type Answer, DOMAIN, openTestService, type TestService } from "../openTestService.js";

const resolver = bytes(20, 0x5f);
const ON_CHAIN = { chainId: CHAIN_ID, resolver, domain: DOMAIN };
/** The service knows a node of it, which is down. */
const DEAD_CHAIN = { chainId: 5n, resolver, domain: DOMAIN };
const FIRST_CHAIN = { chainId: 1n, resolver, domain: DOMAIN };

describe("http: sessions of contract wallets", () => {
  let http: TestService;
  let chain: ChainServer;
  let key: KeyPair;
  let wallet: Contract;
  let address: string;
  let deadlines = 0;

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
    await http.service.domains.changeDomain(DOMAIN, { owner: parseAddress(address) });
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
    ...wish
  }: Partial<Wish> & { by?: KeyPair; as?: string } = {}): Promise<Answer> => {
    const usual = { domain: DOMAIN, name: DOMAIN, content: { scopes: ["names:read"] } };
    // each request is another one
    const deadline = nowSec() + 300 + (deadlines++ % 500);
    const whole = { action: "openSession", sequence: 0, deadline, ...usual, ...wish } as const;
    const body = { ...(await signRequest(by, { ...whole, signedFor })), signer: as };
    return http.v1("POST", "/sessions", body, null);
  };
  const codeOf = ({ status, body }: Answer) => [status, body["code"]];

  it("are opened by the owner's word, and end when the domain has another owner", async () => {
    const opened = await signIn();
    expect(opened.status, JSON.stringify(opened.body)).to.equal(201);
    expect(opened.body).to.include({ wallet: address });
    const read = async () =>
      (await http.v1("GET", "/names", undefined, String(opened.body["apiKey"]))).status;
    expect(await read()).to.equal(200);
    expect(codeOf(await signIn({ by: Wallet.createRandom() }))).to.deep.equal([
      ...[422, "WRONG_SIGNER"],
    ]);
    await http.service.domains.changeDomain(DOMAIN, { owner: parseAddress(key.address) });
    expect(await read()).to.equal(401);
  });

  it("are opened once by a request, whatever else the wallet accepts for it", async () => {
    const deadline = nowSec() + 500;
    expect((await signIn({ deadline })).status).to.equal(201);
    expect(codeOf(await signIn({ deadline }))).to.deep.equal([409, "WRONG_SEQUENCE"]);
    const next = Wallet.createRandom();
    await transact(wallet, "setKey", next.address);
    expect(codeOf(await signIn({ deadline, by: next }))).to.deep.equal([409, "WRONG_SEQUENCE"]);
  });

  it("ask no chain about what would be refused with the right signature as well", async () => {
    await answering(DEAD_CHAIN);
    const onDead = { signedFor: DEAD_CHAIN };
    expect(codeOf(await signIn(onDead))).to.deep.equal([503, "UNREACHABLE"]);
    const stranger = await signIn({ ...onDead, as: Wallet.createRandom().address });
    expect(codeOf(stranger)).to.deep.equal([422, "WRONG_SIGNER"]);
    const late = await signIn({ ...onDead, deadline: nowSec() - 60 });
    expect(codeOf(late)).to.deep.equal([422, "REQUEST_EXPIRED"]);
    const scopes = { content: { scopes: ["all"] } };
    expect(codeOf(await signIn({ ...onDead, ...scopes }))).to.deep.equal([400, "INVALID_REQUEST"]);
    // in the other routes as well
    const signed = { domain: DOMAIN, name: DOMAIN, action: "openSession", sequence: 0 } as const;
    const body = { ...(await signRequest(key, { ...signed, ...onDead })), signer: address };
    for (const path of ["/requests", "/histories"]) {
      const answer = await http.v1("POST", path, body, null);
      expect(codeOf(answer)).to.deep.equal([400, "INVALID_REQUEST"]);
    }
    await answering(ON_CHAIN);
  });

  it("are opened by keys alone where resolvers on several chains answer for the domain", async () => {
    await answering(ON_CHAIN, FIRST_CHAIN);
    const refused = await signIn();
    expect(codeOf(refused)).to.deep.equal([422, "WRONG_SIGNER"]);
    expect(refused.body["message"]).to.match(/resolvers on several chains/);
    await http.service.domains.changeDomain(DOMAIN, { owner: parseAddress(key.address) });
    for (const signedFor of [ON_CHAIN, FIRST_CHAIN]) {
      expect((await signIn({ signedFor, as: key.address })).status).to.equal(201);
    }
    await answering(ON_CHAIN);
  });
});
