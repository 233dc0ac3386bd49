/** A network record on its way through its relay nodes' operators to a service, and what the service then lists. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { networkCommand } from "../../../src/cli/network/networkCommand.js";
import { type LoopbackDns, startDns } from "../../../src/demo/mail/dnsServer.js";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import { deriveProfileKeys } from "../../../src/dm3/keys/keys.js";
import { isNetworkOf, parseNetworkRecord } from "../../../src/dm3/statement/networkRecord.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { expectRejection } from "../../expectError.js";
import { API_KEY, DOMAIN, openTestService, type TestService } from "../../http/openTestService.js";
import { runCommand } from "../runCommand.js";

const NAME = `xmpp.${DOMAIN}`;
const NODES = [`one.${NAME}`, `two.${NAME}`] as const;
const KEYS = [91, 92].map((byte) => deriveProfileKeys(new Uint8Array(32).fill(byte)));

const DESCRIPTION = {
  ...{ kind: "gateway", network: "xmpp", names: DOMAIN, nativeDomain: "chat.example" },
  ...{ virtualDomain: "dm3.chat.example", addressRule: 1, directions: "both", codecs: ["dm3"] },
  ...{ messageTypes: ["NEW"], sizeLimit: 131_072, hourlyLimit: 600 },
};

describe("signpost network prove, register, list", () => {
  let http: TestService;
  let dns: LoopbackDns;
  let folder: string;
  let keyFiles: string[];
  let files = 0;

  const file = async (content: unknown) => {
    const path = join(folder, `file-${files++}`);
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const run = async (...args: string[]) =>
    (await runCommand(networkCommand, "network", ...args)).text;
  const prove = async (record: unknown, index: number, ...more: string[]) => {
    const flags = ["--record", await file(record), "--key-file", keyFiles[index]!, ...more];
    return JSON.parse(await run("prove", NAME, ...flags)) as Record<string, unknown>;
  };
  /** By both nodes. */
  const proven = async (...more: string[]) => {
    const first = await prove(
      { ...DESCRIPTION, relayNodes: NODES },
      0,
      "--node",
      NODES[0],
      ...more,
    );
    return prove(first, 1);
  };

  before(async () => {
    http = await openTestService();
    dns = await startDns();
    folder = await temporaryFolder();
    keyFiles = await Promise.all(
      KEYS.map(({ signingKeyPair }) => file(encodeBase64(signingKeyPair.privateKey))),
    );
    process.env["SIGNPOST_URL"] = http.url;
  });
  after(async () => {
    delete process.env["SIGNPOST_URL"];
    await http.stop();
    await dns.stop();
    await removeFolder(folder);
  });
  beforeEach(() => {
    process.env["SIGNPOST_API_KEY"] = API_KEY;
  });
  afterEach(() => {
    delete process.env["SIGNPOST_API_KEY"];
  });

  it("goes from one operator to the next, and is whole then", async () => {
    const first = await prove({ ...DESCRIPTION, relayNodes: NODES }, 0, "--node", NODES[0]);
    expect(first["relayNodes"]).to.have.nested.property("[0].signature");
    expect(first["relayNodes"]).to.have.property("1", NODES[1]);
    const whole = parseNetworkRecord(await prove(first, 1));
    expect(whole.signedAtSec).to.equal(first["signedAtSec"]);
    expect(isNetworkOf(NAME, null, whole)).to.equal(true);
  });

  it("takes the description that docs/networks.md shows", async () => {
    const page = await readFile(new URL("../../../docs/networks.md", import.meta.url), "utf8");
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const signed = await prove(JSON.parse(example), 0, "--node", "one.example.eth");
    expect(signed).to.have.nested.property("relayNodes[0].signature");
    expect(signed["relayNodes"]).to.have.property("1", "two.example.eth");
  });

  it("refuses to sign what was changed after another one signed it", async () => {
    const first = await prove({ ...DESCRIPTION, relayNodes: NODES }, 0, "--node", NODES[0]);
    for (const change of [
      { kind: "bridge" },
      { sizeLimit: 1 },
      { owner: Wallet.createRandom().address },
    ]) {
      const changed = prove({ ...first, ...change }, 1);
      await expectRejection(changed, "WRONG_SIGNER", /signature of one\..* another record/);
    }
  });

  it("asks which node signs, and refuses one that is not of it", async () => {
    const draft = { ...DESCRIPTION, relayNodes: NODES };
    await expectRejection(prove(draft, 0), "INVALID_REQUEST", /Several relay nodes/);
    const other = prove(draft, 0, "--node", `other.${NAME}`);
    await expectRejection(other, "INVALID_REQUEST", /does not name other\./);
    await expectRejection(prove(await proven(), 0), "INVALID_REQUEST", /All .* have signed/);
    await expectRejection(prove({ ...draft, kind: "x" }, 0), "INVALID_PROFILE", /kind/);
    await expectRejection(prove("no record", 0), "INVALID_REQUEST", /is not JSON/);
  });

  it("registers a whole record, and tells what the domain's operator has to do", async () => {
    const record = await file(await proven());
    const text = await run("register", NAME, "--record", record);
    expect(text).to.match(/is registered as a gateway \(created\)/);
    expect(text).to.match(/TXT record _dm3\.chat\.example with "dm3-network=xmpp\./);
  });

  it("refuses another name's record, one that is not whole, and no API key, and asks nobody", async () => {
    const whole = await file(await proven());
    const nobody = ["--service", "http://127.0.0.1:1"];
    await expectRejection(
      run("register", `other.${DOMAIN}`, "--record", whole, ...nobody),
      "WRONG_SIGNER",
      /not signed by all/,
    );
    const half = await file(
      await prove({ ...DESCRIPTION, relayNodes: NODES }, 0, "--node", NODES[0]),
    );
    await expectRejection(
      run("register", NAME, "--record", half, ...nobody),
      "INVALID_PROFILE",
      /relayNodes\.1/,
    );
    delete process.env["SIGNPOST_API_KEY"];
    await expectRejection(
      run("register", NAME, "--record", whole),
      "INVALID_REQUEST",
      /SIGNPOST_API_KEY .* names:write/,
    );
  });

  it("shows what a wallet has to sign, with --for-wallet", async () => {
    const wallet = Wallet.createRandom();
    await http.service.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    const record = await file(await proven("--owner", wallet.address));
    const flags = ["--record", record, "--for-wallet", "--json"];
    const asked = JSON.parse(await run("register", NAME, ...flags)) as {
      typedData: { domain: object; types: Record<string, never>; message: Record<string, unknown> };
    };
    expect(asked.typedData.message).to.include({ name: NAME });
    const unowned = await file(await proven());
    await expectRejection(
      run("register", NAME, "--record", unowned, "--for-wallet"),
      "INVALID_REQUEST",
      /without an owner/,
    );
  });

  it("lists what is registered, with the word of each domain", async () => {
    const list = (...more: string[]) => run("list", "--dns-server", dns.server, ...more);
    expect(await list()).to.match(
      new RegExp(
        `^NAME +KIND +NETWORK +DOMAIN[^]*${NAME}  gateway  xmpp +chat\\.example \\(unconfirmed\\)  ${DOMAIN}`,
      ),
    );
    dns.zones.set("_dm3.chat.example", { TXT: [`dm3-network=${NAME}`] });
    expect(await list("--native-domain", "chat.example")).to.match(/\(confirmed\)/);
    dns.zones.set("_dm3.chat.example", { trouble: "failing" });
    expect(await list()).to.match(/\(could not find out\)/);
    const { networks } = JSON.parse(await list("--json")) as { networks: readonly object[] };
    expect(networks[0]).to.include({ name: NAME, kind: "gateway", consent: "unknown" });
    expect(networks[0]).to.include({ virtualConsent: "unconfirmed" });
    expect(await list("--native-domain", "else.example")).to.match(/No network is registered/);
  });

  it("refuses options that make no sense", async () => {
    await expectRejection(run("list", "--limit", "0"), "INVALID_REQUEST", /--limit is 0/);
    const notAnAddress = run("list", "--dns-server", "dns.example");
    await expectRejection(notAnAddress, "INVALID_REQUEST", /--dns-server is dns\.example/);
  });
});
