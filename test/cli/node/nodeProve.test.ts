/** Proving and registering a relay node of dm3's libraries, with its keys in each form in which an operator has them. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { Wallet } from "ethers";
import { nodeCommand } from "../../../src/cli/node/nodeCommand.js";
import type { ProvenProfile } from "../../../src/dm3/statement/nodeProof.js";
import { isProofOf } from "../../../src/dm3/statement/nodeProof.js";
import { createWalletClient } from "../../../src/sdk/node.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { createNodeWorld, type NodeWorld } from "../../dm3-node/nodeWorld.js";
import { expectRejection } from "../../expectError.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../../http/openTestService.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };

const NAME = `relay.${DOMAIN}`;
const [{ keys, seeds, profile: published }] = services.deliveryServices as unknown as [
  (typeof services.deliveryServices)[number],
];

describe("signpost node prove, register", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let http: TestService;
  let folder: string;
  let url: string;

  before(async () => {
    world = await createNodeWorld();
    http = await openTestService();
    folder = await temporaryFolder();
    url = world.nodes[0].url;
  });
  after(async () => {
    await world.close();
    await http.stop();
    await removeFolder(folder);
  });
  afterEach(() => {
    delete process.env["SIGNPOST_API_KEY"];
  });

  async function run(...args: string[]): Promise<string> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
      writeErr: () => undefined,
    });
    nodeCommand(program);
    await program.parseAsync(["node", ...args], { from: "user" });
    return text;
  }
  let files = 0;
  async function file(content: string | object, mode = 0o600): Promise<string> {
    const path = join(folder, `file-${files++}`);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    await chmod(path, mode);
    return path;
  }
  const { privateKey } = keys.signingKeyPair;
  const prove = async (keyFile: string, ...flags: string[]) =>
    JSON.parse(await run("prove", NAME, "--key-file", keyFile, ...flags)) as ProvenProfile;
  const holds = ({ proof, ...profile }: ProvenProfile, owner: string | null) =>
    proof !== undefined && isProofOf({ name: NAME, owner, profile }, proof);

  it("takes the key as seed, as libsodium's secret key, as dm3's JSON, and as its .env", async () => {
    const env = [
      `SIGNING_PUBLIC_KEY=${keys.signingKeyPair.publicKey}`,
      `SIGNING_PRIVATE_KEY="${privateKey}"`,
      `export ENCRYPTION_PUBLIC_KEY=${keys.encryptionKeyPair.publicKey}`,
      "REDIS_URL=redis://localhost",
    ].join("\n");
    const encryption = ["--encryption-key", keys.encryptionKeyPair.publicKey];
    const given: [string | object, readonly string[]][] = [
      [`${seeds.signing}\n`, encryption],
      [privateKey, encryption],
      [keys, []],
      [env, []],
      [
        `SIGNING_PRIVATE_KEY=${privateKey}\nENCRYPTION_PRIVATE_KEY=${keys.encryptionKeyPair.privateKey}`,
        [],
      ],
      [
        { SIGNING_PRIVATE_KEY: privateKey, ENCRYPTION_PUBLIC_KEY: published.publicEncryptionKey },
        [],
      ],
    ];
    for (const [content, flags] of given) {
      const proven = await prove(await file(content), "--url", url, ...flags);
      expect(proven).to.deep.include({ ...published, url });
      expect(proven.proof).to.include({ owner: null, listed: false });
      expect(holds(proven, null)).to.equal(true);
      expect(proven.proof!.signedAtSec).to.be.closeTo(Date.now() / 1000, 60);
    }
    const profile = await file({ ...published, url });
    const owner = Wallet.createRandom().address;
    const flags = ["--owner", owner.toLowerCase(), "--listed"];
    const owned = await prove(await file(privateKey), "--profile", profile, ...flags);
    expect(owned.proof).to.include({ owner, listed: true });
    expect([holds(owned, owner), holds(owned, null)]).to.deep.equal([true, false]);
  });

  it("refuses a key that others may read, none, another node's, and one whose halves do not belong together", async () => {
    const rejected = (path: string, code: Parameters<typeof expectRejection>[1], why: RegExp) =>
      expectRejection(prove(path, "--url", url), code, why);
    await rejected(await file(keys, 0o644), "INVALID_CONFIGURATION", /mode 644.*chmod 600/);
    for (const wrong of ["nonsense", "{}", "{", privateKey.slice(4), "SIGNING_PRIVATE_KEY="]) {
      await rejected(await file(wrong), "INVALID_REQUEST", /There is no signing key in/);
    }
    const other = services.deliveryServices[1]!;
    const halves = Buffer.concat([
      Buffer.from(privateKey, "base64").subarray(0, 32),
      Buffer.from(other.keys.signingKeyPair.publicKey, "base64"),
    ]);
    await rejected(await file(halves.toString("base64")), "INVALID_REQUEST", /no signing key/);
    await rejected(await file(privateKey), "INVALID_REQUEST", /--encryption-key/);
    const profile = await file(other.profile);
    const proving = prove(await file(keys), "--profile", profile);
    await expectRejection(proving, "INVALID_REQUEST", /Give the key of that node/);
    await expectRejection(prove(await file(keys)), "INVALID_REQUEST", /Give either --profile/);
  });

  it("registers with an API key, and warns of a node that does not answer or is something else", async () => {
    process.env["SIGNPOST_API_KEY"] = API_KEY;
    const register = async (proven: ProvenProfile) =>
      run(
        ...["register", NAME, "--proven", await file(proven), "--service", http.url],
        ...["--allow-loopback", "--json"],
      );
    const keyFile = await file(keys);
    const told = async (nodeUrl: string) =>
      JSON.parse(await register(await prove(keyFile, "--url", nodeUrl))) as Record<string, unknown>;
    expect(await told(url)).to.deep.equal({ name: NAME, outcome: "created", warnings: [] });
    const { body } = await http.v1("GET", `/names/${NAME}`);
    const texts = body["texts"] as Record<string, string>;
    expect(texts["network.dm3.deliveryService"]).to.include(url);
    expect(texts["network.dm3.deliveryService.proof"]).to.include('"owner":null');

    const dead = await told(await deadUrl());
    expect(String(dead["warnings"])).to.match(/could not be reached.*nobody can use it now/);
    expect(dead["outcome"]).to.equal("changed");
    expect(String((await told(http.url))["warnings"])).to.match(/answers with HTTP status 404/);

    const proven = await prove(keyFile, "--url", url);
    const changed = { ...proven, url: `${url}/other` };
    await expectRejection(register(changed), "WRONG_SIGNER", /signpost node prove/);
    const bare = { ...proven, proof: undefined };
    await expectRejection(register(bare as never), "INVALID_PROFILE", /proof/);
  });

  it("prints what the owner's wallet has to sign, and the service takes it signed", async () => {
    const wallet = Wallet.createRandom();
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    const name = `owned.${DOMAIN}`;
    await createWalletClient({ url: http.url, wallet }).claim(name);
    const flags = ["--key-file", await file(keys), "--url", url, "--owner", wallet.address];
    const proven = await file(await run("prove", name, ...flags));
    const printed = JSON.parse(
      await run(
        ...["register", name, "--proven", proven, "--service", http.url],
        ...["--for-wallet", "--allow-loopback", "--json"],
      ),
    ) as {
      typedData: { domain: object; types: Record<string, []>; message: object };
      request: object;
    };
    const { domain, types, message } = printed.typedData;
    // ethers adds the domain's type itself
    delete types["EIP712Domain"];
    const signature = await wallet.signTypedData(domain, types, message);
    const { status, body } = await http.v1(
      "POST",
      "/requests",
      { ...printed.request, signature },
      null,
    );
    expect(status, JSON.stringify(body)).to.be.within(200, 201);
    const without = await file(
      await run("prove", name, "--key-file", await file(keys), "--url", url),
    );
    await expectRejection(
      run("register", name, "--proven", without, "--service", http.url, "--for-wallet"),
      "INVALID_REQUEST",
      /Prove with --owner/,
    );
    await expectRejection(
      run("register", name, "--proven", without, "--service", http.url),
      "INVALID_REQUEST",
      /Set SIGNPOST_API_KEY/,
    );
  });
});
