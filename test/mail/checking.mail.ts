/** `signpost bridge check` with a real bridge: what is well, what is missing, and what each line advises. */
import { expect } from "chai";
import { dnsRecords } from "../../src/capabilities/mail/dnsRecords.js";
import { bridgeCommand } from "../../src/cli/bridge/bridgeCommand.js";
import type { DnsZone } from "../../src/demo/mail/dnsServer.js";
import { MAIL_DOMAIN, type MailWorld } from "../../src/demo/mailWorld.js";
import type { Line } from "../../src/doctor/line.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { runCommand } from "../cli/runCommand.js";
import { expectRejection } from "../expectError.js";
import { LONG_MS } from "../xmpp/wholeScene.js";
import { type BridgeScene, startBridgeScene } from "./bridgeScene.js";

const NETWORK = "mail.users.example.eth";
const HOST = "mx.dm3.test";
const MAIL_LINES = ["mx", "spf", "dkim", "dkim", "dmarc", "ptr", "smtp", "wkd"];

describe("signpost bridge check", function () {
  this.timeout(LONG_MS);
  let scene: BridgeScene;
  let dns: BridgeScene["dns"];
  let world: MailWorld;
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
    scene = await startBridgeScene();
    ({ dns, world } = scene);
  });
  after(async () => {
    await scene.stop();
    await removeFolder(folder);
  });

  async function run(...more: readonly string[]) {
    const { chain, ens } = world.demo;
    const { text, exitStatus } = await runCommand(
      bridgeCommand,
      ...["bridge", "check", NETWORK, "--rpc", chain.rpcUrl, "--registry", ens.registry],
      ...["--universal-resolver", ens.universalResolver, "--allow-loopback"],
      ...["--dns-server", dns.server, ...more],
    );
    return { text, exitStatus };
  }

  async function check(...more: readonly string[]) {
    const { text, exitStatus } = await run("--json", ...more);
    const { lines, verdict } = JSON.parse(text) as {
      readonly lines: readonly Line[];
      readonly verdict: string;
    };
    return {
      ...{ exitStatus, lines, verdict },
      statuses: lines.map(({ id, status }) => `${id} ${status}`),
      line: (id: string) => lines.find((one) => one.id === id),
    };
  }

  /** The places where this bridge's mail server and key directory are on loopback. */
  const places = () => ["--smtp", `127.0.0.1:${world.smtpPort}`, "--wkd", world.bridge.url];

  function publish(): void {
    dns.zones.clear();
    const records = dnsRecords({ domain: MAIL_DOMAIN, hostName: HOST }, world.bridge);
    for (const { name, type, text } of records) {
      const zone: DnsZone = dns.zones.get(name) ?? {};
      const [priority = "", exchange = ""] = text.split(" ");
      dns.zones.set(name, {
        ...zone,
        ...(type === "MX" ? { MX: [[Number(priority), exchange]] } : { TXT: [text] }),
      });
    }
    dns.zones.set(HOST, { A: ["127.0.0.1"] });
    dns.zones.set("1.0.0.127.in-addr.arpa", { PTR: [HOST] });
    dns.zones.set(`_dm3.${MAIL_DOMAIN}`, { TXT: [`dm3-network=${NETWORK}`] });
  }

  it("says that there is none, before it is registered", async () => {
    const { exitStatus, statuses, line } = await check();
    expect(exitStatus).to.equal(7);
    expect(statuses).to.deep.equal([
      "record failed",
      ...["mx", "spf", "dkim", "dmarc", "ptr", "smtp", "wkd"].map((id) => `${id} skipped`),
    ]);
    expect(line("record")?.advice).to.equal("Register it: signpost bridge register.");
    expect(line("wkd")?.dependsOn).to.equal("record");
  });

  it("is registered by one command", async () => {
    const settings = { ...world.bridge.environment, SIGNPOST_API_KEY: world.demo.apiKey };
    const given = Object.entries(settings).filter((one): one is [string, string] => !!one[1]);
    const program = startProgram(
      "src/cli/main.ts",
      [
        ...["bridge", "register", NETWORK, "--dns-server", dns.server],
        ...["--service", world.demo.service.url],
      ],
      { settings: Object.fromEntries(given), cwd: folder },
    );
    const { stdout } = await program.ended;
    expect(stdout, program.output()).to.match(/^ok network .*\(created\)$/m);
  });

  it("warns of each record that is not in the DNS, and says which", async () => {
    const { exitStatus, statuses, lines, line } = await check(...places());
    expect(exitStatus).to.equal(6);
    expect(statuses, JSON.stringify(lines)).to.deep.equal([
      ...["record passed", "node passed", "consent warning"],
      ...["mx warning", "spf warning", "dkim warning", "dkim warning", "dmarc warning"],
      ...["ptr skipped", "smtp warning", "wkd passed"],
    ]);
    expect(line("dkim")?.advice).to.match(
      /^Publish dm3-rsa\._domainkey\.dm3\.test TXT in the DNS, as signpost mail dkim-keys/,
    );
    expect(line("smtp")?.seen).to.equal(`127.0.0.1:${world.smtpPort} greets, without TLS`);
  });

  it("passes what the operator published", async () => {
    publish();
    const { exitStatus, statuses, lines } = await check(...places());
    expect(statuses, JSON.stringify(lines)).to.deep.equal([
      ...["record passed", "node passed", "consent passed"],
      ...MAIL_LINES.map((id) => `${id} ${id === "smtp" ? "warning" : "passed"}`),
    ]);
    expect(exitStatus).to.equal(6);
    const { text } = await run(...places());
    expect(text).to.match(/^ok ptr +mx\.dm3\.test leads to 127\.0\.0\.1 and back$/m);
    expect(text).to.match(/^ok wkd .* certificate of mailer-daemon@dm3\.test$/m);
  });

  it("tells keys with another selector, a key taken back, and a weak policy", async () => {
    publish();
    expect((await check(...places(), "--selector", "new")).line("dkim")?.seen).to.equal(
      "new-rsa._domainkey.dm3.test has no such DKIM record",
    );
    dns.zones.set("dm3-rsa._domainkey.dm3.test", { TXT: ["v=DKIM1; k=rsa; p="] });
    dns.zones.set("_dmarc.dm3.test", { TXT: ["v=DMARC1; p=none"] });
    const { line } = await check(...places());
    expect(line("dkim")?.status).to.equal("warning");
    expect(line("dmarc")?.status).to.equal("warning");
  });

  it("asks the DNS for the PTR record, not this machine's own table of hosts", async () => {
    publish();
    dns.zones.set("1.0.0.127.in-addr.arpa", { PTR: ["other.test"] });
    dns.zones.set(HOST, { A: ["127.0.0.1"] });
    expect((await check(...places())).line("ptr")?.status).to.equal("warning");
  });

  it("does not take a silent DNS for a missing record", async () => {
    publish();
    for (const name of [MAIL_DOMAIN, HOST]) dns.zones.set(name, { trouble: "failing" });
    const { statuses } = await check("--wkd", world.bridge.url);
    expect(statuses).to.include.members(["mx skipped", "spf skipped", "smtp skipped"]);
    expect(statuses).to.include("ptr skipped");
  });

  it("fails where no mail server greets, and goes where the MX record leads", async () => {
    publish();
    const nobody = await check("--smtp", "127.0.0.1:1", "--wkd", "http://127.0.0.1:1");
    expect(nobody.exitStatus).to.equal(7);
    expect(nobody.line("smtp")?.status).to.equal("failed");
    expect(nobody.line("smtp")?.seen).to.match(/^127\.0\.0\.1:1 did not greet \(.*ECONNREFUSED/);
    expect(nobody.line("wkd")?.status).to.equal("warning");
    const byDns = await check("--wkd", world.bridge.url);
    expect(byDns.line("smtp")?.seen).to.match(/^mx\.dm3\.test \(127\.0\.0\.1:25\) /);
  });

  it("refuses places that are none", async () => {
    for (const wrong of [
      ["--smtp", "mx.dm3.test"],
      ["--wkd", "dm3.test"],
    ]) {
      await expectRejection(check(...wrong), "INVALID_REQUEST", /is no/);
    }
  });
});
