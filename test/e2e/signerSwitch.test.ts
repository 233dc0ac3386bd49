/** The service as a process whose signer is switched by SIGHUP, with lookups that go on all the while. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Contract } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { type ChildProgram, removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { deployOwn } from "../cli/resolver/adminWorld.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { textRequest, verifyAnswer } from "../gateway/ensRequest.js";
import { answerOf } from "../http/openTestService.js";
import { type RemoteSignerServer, serveSigner, TOKEN } from "../signer/remoteSignerServer.js";

const DOMAIN = "users.example.eth";
const [FIRST, SECOND, THIRD] = [bytes(32, 0x11), bytes(32, 0x22), bytes(32, 0x33)];
const addressOf = (key: Uint8Array) => checksumAddress(localGatewaySigner(key).address);

describe("e2e: a signer is switched without a restart", function () {
  this.timeout(270_000);
  let chain: LocalChain;
  let database: MigratedPool;
  let folder: string;
  let resolver: Contract;
  let resolverAddress: string;
  let remote: RemoteSignerServer;
  let program: ChildProgram;
  let url: string;

  before(async () => {
    chain = await startLocalChain();
    database = await openMigratedPool();
    folder = await temporaryFolder();
    remote = await serveSigner(THIRD);
    const owner = await chain.admin.getAddress();
    const urls = ["https://gateway.example/{data}"];
    resolver = await deployOwn(chain, "OffchainResolver", owner, [addressOf(FIRST)], urls, 300);
    resolverAddress = (await resolver.getAddress()).toLowerCase();
    const served = {
      chainId: chain.chainId,
      resolver: addressFrom(fromHex(resolverAddress)),
      domain: DOMAIN,
    };
    await addDomain(domainStore(database.pool), served, apiKeyFrom(bytes(32, 1)));
    await mkdir(join(folder, ".signpost"));
    await writeFile(join(folder, "token"), TOKEN);
    await writeKey(FIRST);
    program = startProgram("src/main.ts", [], {
      cwd: folder,
      settings: {
        DATABASE_URL: database.url,
        PORT: "0",
        CHAIN_RPC_URLS: `${chain.chainId.toString()}=${chain.rpcUrl}`,
      },
    });
    url = await program.printed(/Signpost listens on (http:\S+)/);
    await program.printed(/users\.example\.eth +http/);
  });
  after(async () => {
    program.process.kill("SIGKILL");
    await remote.close();
    await database.close();
    await removeFolder(folder);
    await chain.stop();
  });

  const writeKey = (key: Uint8Array) =>
    writeFile(join(folder, ".signpost/gateway-signer.key"), `${toHex(key)}\n`);
  const addSigner = async (key: Uint8Array) => {
    const sent = (await resolver.getFunction("addSigner").send(addressOf(key))) as {
      wait(): Promise<unknown>;
    };
    await sent.wait();
  };
  /** Sends SIGHUP, and returns what the service says to it. */
  const hangUp = async (): Promise<string> => {
    const before = program.output().length;
    program.process.kill("SIGHUP");
    for (let round = 0; round < 500; round++) {
      const line = /"msg":"(The gatewaySigner .*)"}$/m.exec(program.output().slice(before));
      if (line?.[1] !== undefined) return line[1];
      await delay(20);
    }
    throw new Error(`nothing was said to SIGHUP:\n${program.output()}`);
  };
  const lookUp = (index: number) => {
    const request = textRequest(`alice.${DOMAIN}`, `key-${index}`, chain.chainId);
    const path = `${url}/ccip/${chain.chainId.toString()}/${resolverAddress}/${request}`;
    return answerOf(fetch(path)).then(({ status, body }) => ({ status, body, request }));
  };
  const signerOf = async (index: number): Promise<string> => {
    const { status, body, request } = await lookUp(index);
    expect(status, JSON.stringify(body)).to.equal(200);
    return verifyAnswer(String(body["data"]), { target: resolverAddress, request }).signer;
  };

  it("keeps the signer while the resolver does not have the new one, and says so", async () => {
    await writeKey(SECOND);
    const said = await hangUp();
    expect(said).to.include(`stays ${addressOf(FIRST)} (the file `);
    expect(said).to.include(`${addressOf(SECOND)} is no signer of the resolver`);
    expect(await signerOf(0)).to.equal(addressOf(FIRST));
  });

  it("switches between two of many lookups, none of which fails", async () => {
    await addSigner(SECOND);
    let switched = false;
    const isSwitched = () => switched;
    const signers: string[] = [];
    const stream = async (lane: number) => {
      for (let index = 0; !isSwitched() || index < 50; index++) {
        signers.push(await signerOf(1_000 * lane + index));
      }
    };
    const lanes = [1, 2, 3, 4].map(stream);
    await delay(100);
    const said = await hangUp();
    switched = true;
    await Promise.all(lanes);
    expect(said)
      .to.include(`is now ${addressOf(SECOND)}`)
      .and.to.include(`was ${addressOf(FIRST)}`);
    expect(new Set(signers)).to.deep.equal(new Set([addressOf(FIRST), addressOf(SECOND)]));
    for (let index = 0; index < 20; index++) {
      expect(await signerOf(9_000 + index), "nothing by the old key").to.equal(addressOf(SECOND));
    }
  });

  it("says that nothing changed when nothing did", async () => {
    expect(await hangUp()).to.match(/^The gatewaySigner was read again and is the same: 0x/);
  });

  it("keeps the signer when its file is gone or spoilt: it makes no key while it runs", async () => {
    await rm(join(folder, ".signpost/gateway-signer.key"));
    expect(await hangUp()).to.match(/^The gatewaySigner stays .*There is no key file/);
    await writeFile(join(folder, ".signpost/gateway-signer.key"), "0x1234\n");
    expect(await hangUp()).to.match(/^The gatewaySigner stays .*holds no key: /);
    expect(await signerOf(1)).to.equal(addressOf(SECOND));
  });

  it("switches to a remote signer that .env names by now, and answers 503 while that is away", async () => {
    await addSigner(THIRD);
    await writeFile(join(folder, ".env"), `GATEWAY_SIGNER=${remote.url}\n`);
    expect(await hangUp()).to.match(/stays .*HTTP 401.*GATEWAY_SIGNER_TOKEN_FILE/);
    const settings = `GATEWAY_SIGNER=${remote.url}\nGATEWAY_SIGNER_TOKEN_FILE=token\n`;
    await writeFile(join(folder, ".env"), settings);
    expect(await hangUp()).to.include(
      `is now ${addressOf(THIRD)} (a remote signer at ${remote.url})`,
    );
    expect(await signerOf(20)).to.equal(addressOf(THIRD));

    remote.onPost((_request, response) => response.writeHead(500).end());
    const { status, body } = await lookUp(21);
    expect(status).to.equal(503);
    expect(body["message"]).to.match(/answered with HTTP 500/);
    remote.handler = remote.right;
    expect(await signerOf(22)).to.equal(addressOf(THIRD));
  });

  it("switches back while the remote signer is away, and closes down as always", async () => {
    await remote.close();
    await writeFile(join(folder, ".env"), "");
    await writeKey(SECOND);
    expect(await hangUp()).to.include(`is now ${addressOf(SECOND)}`);
    expect(await signerOf(30)).to.equal(addressOf(SECOND));
    program.process.kill("SIGTERM");
    expect(await program.ended).to.include({ exitStatus: 0 });
    for (const secret of [FIRST, SECOND, THIRD].map((key) => toHex(key).slice(2))) {
      expect(program.output()).not.to.include(secret);
    }
    expect(program.output()).not.to.include(TOKEN);
  });
});
