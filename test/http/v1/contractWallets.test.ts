/** Contract wallets that sign requests, over real HTTP and on a real EVM; and every way in which one does not. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { contractWalletsOn } from "../../../src/chain/askContractWallets.js";
import { openPool } from "../../../src/db/pool.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { type NameRequest, nameRequestDigest } from "../../../src/signing/nameRequest.js";
import { startProgram } from "../../childProgram.js";
import { type Contract, deploy, ethers, send as transact } from "../../contracts/deployment.js";
import {
  CHAIN_ID,
  deployWallet,
  futureWallet,
  type KeyPair,
  wrapped,
} from "../../contracts/walletChain.js";
import { bytes } from "../../db/sampleNames.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { call, operationPath, signOperation } from "../../registry/signed/signedOperations.js";
import { nowSec, signRequest, type Wish } from "../../registry/signed/signedRequests.js";
import {
  type Answer,
  DOMAIN,
  NESTED_DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

const resolver = bytes(20, 0x5f);
const ON_CHAIN = { chainId: CHAIN_ID, resolver };
/** Of these, the service knows a node that is down, one that is on another chain, and none. */
const DEAD_CHAIN = { chainId: 5n, resolver };
const MISTAKEN_CHAIN = { chainId: 6n, resolver };
const UNKNOWN_CHAIN = { chainId: 1n, resolver };

describe("http: contract wallets", () => {
  let http: TestService;
  let chain: ChainServer;
  let rpcUrls: Map<bigint, string>;
  let key: KeyPair;
  let wallet: Contract;
  let address: string;
  let name: string;
  let count = 0;

  before(async () => {
    chain = await serveChain();
    rpcUrls = new Map([
      [CHAIN_ID, chain.url],
      [DEAD_CHAIN.chainId, await deadUrl()],
      [MISTAKEN_CHAIN.chainId, chain.url],
    ]);
    http = await openTestService(undefined, { chainRpcUrls: rpcUrls });
    const { domains } = http.service;
    await domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    for (const one of [ON_CHAIN, DEAD_CHAIN, MISTAKEN_CHAIN]) {
      await domains.connectResolver({ ...one, domain: DOMAIN });
    }
  });
  after(async () => {
    await http.stop();
    await chain.close();
  });
  beforeEach(async () => {
    key = Wallet.createRandom();
    wallet = await deployWallet(key);
    address = await wallet.getAddress();
    name = `contract-${count++}.${DOMAIN}`;
  });

  const post = (body: unknown, path = "/requests") => http.v1("POST", path, body, null);
  /** Signed by the key, as the word of the wallet. */
  const signed = async (
    wish: Partial<Wish> & Pick<Wish, "action">,
    { signer = key, account = address } = {},
  ) => {
    const whole = { domain: DOMAIN, name, sequence: 1, signedFor: ON_CHAIN, ...wish };
    return { ...(await signRequest(signer, whole)), signer: account };
  };
  const claim = async () => post(await signed({ action: "claim" }));
  const records = (url: string) => ({ records: { texts: { url } } });

  const markOwnerChain = async (chainId: bigint) => {
    const pool = openPool({ url: http.databaseUrl });
    const update = "update name_head set owner_chain = $1 where node = $2";
    await pool.query(update, [chainId.toString(), namehash(name)]);
    await pool.end();
  };

  function expectRefusal({ status, body }: Answer, expected: number, code: string): void {
    expect({ status, code: body["code"] }, String(body["message"])).to.deep.equal({
      status: expected,
      code,
    });
  }

  it("claims, writes, reads its history, moves; the history says at which block", async () => {
    expect((await claim()).status).to.equal(201);
    const write = await signed({ action: "setRecords", sequence: 2, content: records("a") });
    expect((await post(write)).status).to.equal(200);
    const read = await signed({ action: "readHistory", sequence: 0 });
    const history = (await post(read, "/histories")).body["entries"] as {
      entry: { authority: Record<string, unknown> };
    }[];
    const block = String(await ethers.provider.getBlockNumber());
    for (const { entry } of history) {
      expect(entry.authority).to.include({ address, acceptedAtBlock: block, chainId: "31337" });
    }
    const to = Wallet.createRandom();
    const move = await signed({ action: "move", sequence: 3, content: { to: to.address } });
    expect((await post(move)).status).to.equal(200);
    expectRefusal(await post(await signed({ action: "delete", sequence: 4 })), 422, "WRONG_SIGNER");
  });

  it("signs on its chain, as a Safe does, and sends an empty signature", async () => {
    const body = { ...(await signed({ action: "claim" })), signature: "0x" };
    expectRefusal(await post(body), 422, "WRONG_SIGNER");
    const digest = nameRequestDigest(ON_CHAIN, body.request as NameRequest);
    await transact(wallet, "signOnChain", toHex(digest));
    expect((await post(body)).status).to.equal(201);
    const write = await signed({ action: "setRecords", sequence: 2, content: records("a") });
    expectRefusal(await post({ ...write, signature: "0x" }), 422, "WRONG_SIGNER");
    const account = await signed(
      { action: "setRecords", sequence: 2, content: records("a") },
      { account: key.address },
    );
    expectRefusal(await post({ ...account, signature: "0x" }), 422, "WRONG_SIGNER");
  });

  it("signs before it is deployed, by ERC-6492; and afterwards with the same wrapper", async () => {
    const factory = await deploy("WalletFactory");
    const future = await futureWallet(factory);
    const wrap = async (wish: Partial<Wish> & Pick<Wish, "action">, factoryCall: string) => {
      const body = await signed(wish, { signer: future.key, account: future.address });
      return { ...body, signature: await wrapped(factory, factoryCall, body.signature) };
    };
    const other = await futureWallet(factory);
    for (const call of [other.factoryCall, "0x12345678"]) {
      expectRefusal(await post(await wrap({ action: "claim" }, call)), 422, "WRONG_SIGNER");
    }
    const bare = await signed({ action: "claim" }, { signer: future.key, account: future.address });
    expectRefusal(await post(bare), 422, "WRONG_SIGNER");
    expect((await post(await wrap({ action: "claim" }, future.factoryCall))).status).to.equal(201);
    await future.deploy();
    const write = { action: "setRecords", sequence: 2, content: records("a") } as const;
    expect((await post(await wrap(write, future.factoryCall))).status).to.equal(200);
  });

  it("asks no chain about what would be refused with the right signature as well", async () => {
    const { domains } = http.service;
    const onDeadChain = { signedFor: DEAD_CHAIN };
    expect(await post(await signed({ action: "claim", ...onDeadChain }))).to.deep.include({
      status: 503,
    });
    // by its policy, its owner, a reservation, and what it carries
    const nested = { name: `wallet.${NESTED_DOMAIN}`, domain: NESTED_DOMAIN, ...onDeadChain };
    await domains.connectResolver({ ...DEAD_CHAIN, domain: NESTED_DOMAIN });
    const byPolicy = await post(await signed({ action: "claim", ...nested }));
    expect(byPolicy.body).to.include({ code: "POLICY_FORBIDS" });
    const reserved = `reserved-${name}`;
    await domains.reserve({
      domain: DOMAIN,
      name: normalizeName(reserved),
      wallet: null,
      untilMs: null,
    });
    const byReservation = await post(
      await signed({ action: "claim", ...onDeadChain, name: reserved }),
    );
    expect(byReservation.body).to.include({ code: "NAME_RESERVED" });
    expect(await claim()).to.include({ status: 201 });
    const stranger = { account: Wallet.createRandom().address };
    const byOwner = await signed({ action: "delete", sequence: 2, ...onDeadChain }, stranger);
    expect((await post(byOwner)).body).to.include({ code: "WRONG_SIGNER" });
    const reading = await signed({ action: "readHistory", sequence: 0, ...onDeadChain }, stranger);
    expect((await post(reading, "/histories")).body).to.include({ code: "WRONG_SIGNER" });
  });

  it("writes by ERC-7884, whoever asked the resolver; its key's former messages do not", async () => {
    await claim();
    const write = async (value: string, expirationSec: number) => {
      const data = call("setText", name, "url", value);
      const wish = { data, sender: ethers.ZeroAddress, signedFor: ON_CHAIN, expirationSec };
      return post(await signOperation(key, wish), operationPath(ON_CHAIN));
    };
    expect((await write("a", nowSec() + 910)).status).to.equal(200);
    expectRefusal(await write("old", nowSec() + 905), 409, "WRONG_SEQUENCE");
    await transact(wallet, "setKey", Wallet.createRandom().address);
    expectRefusal(await write("b", nowSec() + 920), 422, "WRONG_SIGNER");
    const { contractProofs, broken } = await verifyHistory(
      http.service.names,
      namehash(name),
      contractWalletsOn(rpcUrls),
    );
    expect(broken).to.equal(null);
    expect(contractProofs.map(({ status }) => status)).to.deep.equal(["accepted", "accepted"]);
  });

  describe("refuses", () => {
    it("what another key signed, and what was signed for anything else: WRONG_SIGNER", async () => {
      const mallory = Wallet.createRandom();
      expectRefusal(
        await post(await signed({ action: "claim" }, { signer: mallory })),
        422,
        "WRONG_SIGNER",
      );
      const body = await signed({ action: "claim" });
      const changes: object[] = [
        { name: `other-${name}` },
        { deadline: body.request.deadline + 1 },
      ];
      for (const change of changes) {
        const altered = { ...body, request: { ...body.request, ...change } };
        expectRefusal(await post(altered), 422, "WRONG_SIGNER");
      }
      const other = await (await deployWallet(mallory)).getAddress();
      expectRefusal(await post({ ...body, signer: other }), 422, "WRONG_SIGNER");
    });

    it("a former request, while its key counts: WRONG_SEQUENCE, and no question; afterwards as well", async () => {
      const body = await signed({ action: "claim" });
      expect((await post(body)).status).to.equal(201);
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE");
      const next = Wallet.createRandom();
      await transact(wallet, "setKey", next.address);
      expectRefusal(await post(body), 409, "WRONG_SEQUENCE");
      const write = { action: "setRecords", sequence: 2, content: records("b") } as const;
      expectRefusal(await post(await signed(write)), 422, "WRONG_SIGNER");
      expect((await post(await signed(write, { signer: next }))).status).to.equal(200);
    });

    it("a wallet whose code refuses, reverts, burns its gas or returns a megabyte: WRONG_SIGNER", async () => {
      for (const fault of [2, 5, 7, 8]) {
        const account = await (await deploy("FaultyWallet", fault)).getAddress();
        const body = await signed({ action: "claim" }, { account });
        expectRefusal(await post(body), 422, "WRONG_SIGNER");
      }
    });

    it("nothing for good while the chain is down, or the node is on another one: UNREACHABLE, 503", async () => {
      for (const signedFor of [DEAD_CHAIN, MISTAKEN_CHAIN]) {
        const answer = await post(await signed({ action: "claim", signedFor }));
        expectRefusal(answer, 503, "UNREACHABLE");
      }
      // keys need no chain
      const byKey = await signed(
        { action: "claim", signedFor: DEAD_CHAIN },
        { account: key.address },
      );
      expect((await post(byKey)).status).to.equal(201);
    });

    it("a wallet of a chain without a node: WRONG_SIGNER, or INVALID_REQUEST for what no key can sign", async () => {
      const body = await signed({ action: "claim", signedFor: UNKNOWN_CHAIN });
      expectRefusal(await post(body), 422, "WRONG_SIGNER");
      const answer = await post({ ...body, signature: `${body.signature}00` });
      expectRefusal(answer, 400, "INVALID_REQUEST");
      expect(answer.body["message"]).to.match(/CHAIN_RPC_URLS/);
    });

    it("the same address on another chain, where it can be somebody else's: WRONG_SIGNER", async () => {
      expect((await claim()).status).to.equal(201);
      // as if the wallet had been accepted on another chain before: there is one EVM in this process
      await markOwnerChain(DEAD_CHAIN.chainId);
      const write = { action: "setRecords", sequence: 2, content: records("a") } as const;
      expectRefusal(await post(await signed(write)), 422, "WRONG_SIGNER");
      const read = await signed({ action: "readHistory", sequence: 0 });
      expectRefusal(await post(read, "/histories"), 422, "WRONG_SIGNER");
      await markOwnerChain(CHAIN_ID);
      expect((await post(await signed(write))).status).to.equal(200);
    });
  });

  describe("history verify", () => {
    const verify = (urls = new Map<bigint, string>()) =>
      verifyHistory(http.service.names, namehash(name), contractWalletsOn(urls));

    it("says what was accepted, and asks again where it can: also when the key was replaced since", async () => {
      await claim();
      const block = String(await ethers.provider.getBlockNumber());
      await transact(wallet, "setKey", Wallet.createRandom().address);
      const proof = { entry: 1, chainId: "31337", wallet: address.toLowerCase(), block };
      const offline = await verify();
      expect(offline).to.deep.include({
        broken: null,
        contractProofs: [{ ...proof, status: "notAsked" }],
      });
      expect((await verify(rpcUrls)).contractProofs).to.deep.equal([
        { ...proof, status: "accepted" },
      ]);
      const down = new Map([[CHAIN_ID, await deadUrl()]]);
      expect((await verify(down)).contractProofs).to.deep.equal([
        { ...proof, status: "unreachable" },
      ]);
    });

    it("is said by the command, with and without a node to ask", async function () {
      this.timeout(180_000);
      await claim();
      const run = async (...flags: string[]) => {
        const program = startProgram(
          "src/cli/main.ts",
          ["history", "verify", name, "--json", ...flags],
          { settings: { DATABASE_URL: http.databaseUrl } },
        );
        const { exitStatus, stdout } = await program.ended;
        const { contractProofs } = JSON.parse(stdout) as { contractProofs: object[] };
        return { exitStatus, proof: contractProofs[0] };
      };
      const status = (text: string) => ({ name, chainId: "31337", status: text });
      const offline = await run();
      expect(offline.exitStatus).to.equal(0);
      expect(offline.proof).to.include(status("notAsked"));
      const asked = await run("--rpc", `31337=${chain.url}`);
      expect(asked.proof).to.include(status("accepted"));
    });

    it("breaks where the wallet did not accept it in the state of that block", async () => {
      await claim();
      const { names } = http.service;
      const forged = contractWalletsOn(rpcUrls);
      const verdict = await verifyHistory(names, namehash(name), {
        ...forged,
        ask: (question) => forged.ask({ ...question, wallet: addressFrom(fromHex(key.address)) }),
      });
      expect(verdict.broken?.reason).to.match(/does not accept its signature in the state of/);
    });
  });
});
