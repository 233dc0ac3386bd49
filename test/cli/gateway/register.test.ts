/** `signpost gateway register` beside a gateway that runs, a registry, and an ENS on a local chain. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { makeDkimKeys } from "../../../src/capabilities/mail/dkimFolder.js";
import { dnsRecords } from "../../../src/capabilities/mail/dnsRecords.js";
import { connectionDetails, type DemoWorld, startDemoWorld } from "../../../src/demo/demoWorld.js";
import { type LoopbackDns, startDns } from "../../../src/demo/mail/dnsServer.js";
import { deriveSigningKeyPair } from "../../../src/dm3/keys/keys.js";
import { draftJson, draftToSign, signedBy } from "../../../src/dm3/statement/networkDraft.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../../src/installation/scratchDatabase.js";
import { createClient, createProfile } from "../../../src/sdk/node.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, startProgram, temporaryFolder } from "../../childProgram.js";
import { openRelayService, type RelayService } from "../../http/relay/openRelayService.js";
import { deadUrl } from "../../lookup/loopbackServer.js";

const DOMAIN = "users.example.eth";
const NETWORK = `xmpp.${DOMAIN}`;
const NODE = `gateway.${DOMAIN}`;
const SECOND = `second.${DOMAIN}`;
const secondKey = deriveSigningKeyPair(new Uint8Array(32).fill(77));

interface Registered {
  readonly node: string;
  readonly network: string | null;
  readonly steps: readonly { id: string; status: string; seen: string; advice: string | null }[];
  readonly draft?: object;
}

describe("signpost gateway register", function () {
  this.timeout(360_000);
  let world: DemoWorld;
  let relay: RelayService;
  let database: ScratchDatabase;
  let dns: LoopbackDns;
  let folder: string;
  let keyFile: string;
  let settings: Record<string, string>;

  before(async () => {
    world = await startDemoWorld({
      ...{ rpcPort: 0, httpPort: 0, databaseUrl: process.env["DATABASE_URL"] },
      ...{ onStep: () => undefined, reportFailure: () => undefined },
    });
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
    relay = await openRelayService({ basePath: "/ds" }, { databaseUrl: database.url, keyFile });
    dns = await startDns();
    const { rpcUrl, ensRegistry, apiUrl, apiKey } = connectionDetails(world);
    settings = {
      DATABASE_URL: database.url,
      SECRETS_KEY_LOCATION: `file:${keyFile}`,
      CHAIN_RPC_URLS: `31337=${rpcUrl}`,
      RELAY_ENS_NAME: NODE,
      RELAY_URL: relay.url,
      RELAY_ENS_CHAIN: "31337",
      RELAY_ENS_REGISTRY: ensRegistry,
      RELAY_ALLOW_LOOPBACK: "true",
      XMPP_DOMAIN: "chat.test",
      XMPP_COMPONENT: "dm3.chat.test",
      XMPP_SECRET: "between server and gateway",
      XMPP_NAMES: DOMAIN,
      XMPP_REGISTRY_URL: apiUrl,
      XMPP_REGISTRY_KEY: apiKey,
    };
  });
  after(async () => {
    await dns.stop();
    await relay.stop();
    await world.stop();
    await database.close();
    await removeFolder(folder);
  });

  async function run(
    args: readonly string[],
    changed: Record<string, string> = {},
    network = NETWORK,
    [kind, server] = ["gateway", dns.server],
  ) {
    const program = startProgram(
      "src/cli/main.ts",
      [kind, "register", network, "--dns-server", server, ...args],
      { settings: { ...settings, ...changed }, cwd: folder },
    );
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }
  const registered = async (args: readonly string[] = [], changed: Record<string, string> = {}) => {
    const { exitStatus, stdout, output } = await run([...args, "--json"], changed);
    expect(stdout, output).to.match(/^\{/);
    expect(output).not.to.include(settings["XMPP_REGISTRY_KEY"]);
    return { exitStatus, ...(JSON.parse(stdout) as Registered) };
  };
  const serviceClient = () =>
    createClient({ url: settings["XMPP_REGISTRY_URL"]!, apiKey: settings["XMPP_REGISTRY_KEY"]! });
  const versions = async () =>
    Promise.all(
      [NODE, NETWORK].map(async (name) => (await serviceClient().names.get(name))?.version),
    );
  const statusOf = ({ steps }: Registered) => steps.map(({ id, status }) => `${id} ${status}`);

  it("registers node and network, finds both by ENS, and says what the domain has to do", async () => {
    const { exitStatus, stdout, output } = await run([]);
    expect(exitStatus, output).to.equal(6);
    expect(stdout).to.match(
      /^ok node +gateway\.users\.example\.eth is the relay node at http.*\(created\)$/m,
    );
    expect(stdout).to.match(/^ok answers +http\S+ answers, with its keys$/m);
    expect(stdout).to.match(
      /^ok network +xmpp\.users\.example\.eth is a gateway to xmpp \(created\)$/m,
    );
    expect(stdout).to.match(/^ok found +gateway\.users\.example\.eth is the relay node at/m);
    expect(stdout).to.match(/^ok found +xmpp\.users\.example\.eth is a messaging gateway to xmpp/m);
    expect(stdout).to.match(
      /^! {2}consent +chat\.test does not confirm it.*TXT record _dm3\.chat\.test/m,
    );
  });

  it("does nothing when it is run again, and is whole once the domain confirms it", async () => {
    dns.zones.set("_dm3.chat.test", { TXT: [`dm3-network=${NETWORK}`] });
    const before = await versions();
    const again = await registered();
    expect(again).to.include({ exitStatus: 0, node: "unchanged", network: "unchanged" });
    expect(statusOf(again)).to.deep.equal([
      ...["node passed", "answers passed", "network passed", "found passed", "found passed"],
      ...["consent passed", "consent passed"],
    ]);
    expect(await versions()).to.deep.equal(before);
  });

  it("registers anew what the settings say otherwise, and that alone", async () => {
    const [node, network] = await versions();
    const limited = await registered([], { RELAY_SIZE_LIMIT: "50000" });
    expect(limited).to.include({ exitStatus: 0, node: "unchanged", network: "changed" });
    const [sameNode, newNetwork] = await versions();
    expect(sameNode).to.equal(node);
    expect(newNetwork).not.to.equal(network);
    const unlisted = await registered(["--unlisted"], { RELAY_SIZE_LIMIT: "50000" });
    expect(unlisted).to.include({ node: "changed", network: "unchanged" });
    const away = await registered(["--unlisted"], {
      RELAY_SIZE_LIMIT: "50000",
      RELAY_URL: `${await deadUrl()}/ds`,
    });
    expect(away).to.include({ exitStatus: 6, node: "changed", network: "unchanged" });
    expect(statusOf(away)).to.include("answers warning");
  });

  it("registers a bridge all the same, and says what the DNS lacks for its mail", async () => {
    const zones = await startDns();
    const host = "dm3.mail.test";
    const dkim = { folder: join(folder, "dkim"), selector: "dm3" };
    const keys = await makeDkimKeys(dkim);
    const changed = {
      ...{ MAIL_DOMAIN: host, MAIL_DKIM_KEYS: dkim.folder, MAIL_NAMES: DOMAIN },
      MAIL_REGISTRY_URL: settings["XMPP_REGISTRY_URL"]!,
      ...{ MAIL_REGISTRY_KEY: settings["XMPP_REGISTRY_KEY"]!, RELAY_SIZE_LIMIT: "131072" },
    };
    const name = `mail.${DOMAIN}`;
    const registerBridge = () => run([], changed, name, ["bridge", zones.server]);
    const first = await registerBridge();
    expect(first.exitStatus, first.output).to.equal(6);
    expect(first.stdout).to.match(/^ok network +mail\.users\.example\.eth is a bridge to mail/m);
    for (const id of ["mx", "spf", "dkim", "dmarc", "ptr"]) {
      expect(first.stdout).to.match(new RegExp(`^! {2}${id} `, "m"));
    }
    for (const record of dnsRecords({ domain: host, hostName: host }, keys)) {
      const before = zones.zones.get(record.name);
      zones.zones.set(
        record.name,
        record.type === "MX"
          ? { ...before, MX: [[10, host]] }
          : { ...before, TXT: [...(before?.TXT ?? []), record.text] },
      );
    }
    const { stdout } = await registerBridge();
    for (const id of ["mx", "spf", "dkim", "dmarc"]) {
      expect(stdout).to.match(new RegExp(`^ok ${id} `, "m"));
    }
    zones.zones.set(host, { ...zones.zones.get(host), TXT: ["v=spf1 -all", "v=spf1 a -all"] });
    zones.zones.set(`_dmarc.${host}`, { trouble: "failing" });
    const wrong = await registerBridge();
    expect(wrong.stdout).to.match(/^! {2}spf +dm3\.mail\.test has two SPF records/m);
    expect(wrong.stdout).to.match(/dmarc +.*did not tell/m);
    await zones.stop();
  });

  it("waits for other operators' signatures, and goes on with them", async () => {
    const given = join(folder, "record.json");
    await writeFile(given, JSON.stringify({ ...(await described()), relayNodes: [NODE, SECOND] }));
    const half = await registered(["--record", given]);
    expect(half).to.include({ exitStatus: 1, network: null });
    expect(half.steps.at(-1)?.seen).to.match(/second\.users\.example\.eth has to sign as well/);
    const draft = draftToSign(NETWORK, half.draft, { owner: undefined, nowSec: 0 });
    await writeFile(given, JSON.stringify(draftJson(signedBy(draft, SECOND, secondKey))));
    const whole = await registered(["--record", given]);
    expect(whole).to.include({ network: "changed" });
    // the second node's record is not in ENS, so senders use ours alone
    const again = await registered();
    expect(again).to.include({ network: "unchanged" });
  });

  it("signs for the wallet that owns the name, which may be the same for both", async () => {
    const owned = `owned.${DOMAIN}`;
    const created = await createProfile(Wallet.createRandom(), [NODE]);
    await serviceClient().profiles.put(owned, created);
    const changed = { RELAY_ENS_NAME: owned };
    const unowned = await run([], changed, owned);
    expect(unowned.exitStatus, unowned.output).to.be.above(0);
    const flags = ["--owner", created.address];
    const { stdout, output } = await run(flags, changed, owned);
    expect(stdout, output).to.match(/^ok node .*\(changed\)\n.*\nok network .*\(changed\)$/m);
    const again = await run(flags, changed, owned);
    expect(again.stdout).to.match(/^ok node .*\(unchanged\)\n.*\nok network .*\(unchanged\)$/m);
  });

  it("says what is missing, before anything is registered", async () => {
    const incomplete = await run([], {
      XMPP_NAMES: "",
      XMPP_REGISTRY_URL: "",
      XMPP_REGISTRY_KEY: "",
    });
    expect(incomplete.exitStatus).to.equal(2);
    expect(incomplete.output).to.match(/Set XMPP_COMPONENT, XMPP_DOMAIN/);
    const noUrl = await run([], { RELAY_URL: "" });
    expect(noUrl.exitStatus).to.equal(2);
    expect(noUrl.output).to.match(/Set RELAY_URL/);
    const wrongKey = await run([], { SIGNPOST_API_KEY: `signpost_${"A".repeat(43)}` });
    expect(wrongKey.exitStatus).to.be.above(0);
    expect(wrongKey.output).to.match(/API key/);
  });

  async function described(): Promise<object> {
    const program = startProgram("src/cli/main.ts", ["xmpp", "describe"], {
      settings,
      cwd: folder,
    });
    const { stdout } = await program.ended;
    return JSON.parse(stdout) as object;
  }
});
