/** `signpost node list` and `show`, of a service that watches a relay node on this machine. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Command } from "commander";
import { nodeCommand } from "../../../src/cli/node/nodeCommand.js";
import { publicKeyFields } from "../../../src/dm3/keys/keys.js";
import { provenProfile } from "../../../src/dm3/statement/nodeProof.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openTestService, type TestService } from "../../http/openTestService.js";
import { answerJson, type LoopbackServer, serve } from "../../lookup/loopbackServer.js";
import { nodeKeys, properties } from "../../nodes/watchWorld.js";

const NAME = `relay.${DOMAIN}`;

describe("signpost node list, show", function () {
  this.timeout(180_000);
  let http: TestService;
  let server: LoopbackServer;

  before(async () => {
    server = await serve(answerJson(properties()));
    http = await openTestService(undefined, {
      nodeWatch: { intervalMs: 400, allowLoopback: true },
    });
  });
  after(async () => {
    await http.stop();
    await server.close();
  });

  async function run(...args: string[]): Promise<string> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
      writeErr: () => undefined,
    });
    nodeCommand(program);
    await program.parseAsync(["node", ...args, "--service", http.url], { from: "user" });
    return text;
  }

  it("says that none is listed, or registered", async () => {
    expect(await run("list")).to.equal("No relay node is listed here.\n");
    expect(await run("list", "--json")).to.equal("[]\n");
    await expectRejection(run("show", NAME), "NOT_FOUND", /No relay node is registered there as/);
  });

  it("prints a table, and one node with its history", async () => {
    const keys = nodeKeys(71);
    const profile = { ...publicKeyFields(keys), url: server.url };
    const claim = { name: NAME, owner: null, profile, listed: true, signedAtSec: 1_780_000_000 };
    const proven = provenProfile(keys.signingKeyPair.privateKey, claim);
    expect((await http.v1("PUT", `/relay-nodes/${NAME}`, proven)).status).to.equal(200);
    let shown = "";
    for (let attempt = 0; !/^state +works$/m.test(shown) && attempt < 100; attempt++) {
      await delay(50);
      shown = await run("show", NAME);
    }
    const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
    const lines = [
      `name     ${NAME}`,
      `url      ${server.url}`,
      "state    works",
      `since    ${time}`,
      `checked  ${time}`,
      "uptime   100.00 % of 30 days",
      "listed   yes",
      `${time}  works`,
      String.raw`\d{4}-\d\d-\d\d  \d+ of \d+ checks were good`,
    ];
    expect(shown).to.match(new RegExp(`^${lines.join("\n")}\n$`));
    await delay(5_100); // a page is kept for a moment
    const [head = "", row = ""] = (await run("list")).split("\n");
    expect(head).to.match(/^NAME +STATE {2}SINCE +UPTIME +URL$/);
    expect(row).to.match(new RegExp(`^${NAME}  works  ${time}  100.00 %  ${server.url}$`));
    expect(head.indexOf("URL")).to.equal(row.indexOf(server.url));
    const [json] = JSON.parse(await run("list", "--json")) as object[];
    expect(json).to.include({ name: NAME, state: "works", uptime30Days: 1 });
  });
});
