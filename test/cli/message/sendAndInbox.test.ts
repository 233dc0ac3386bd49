import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { messageCommand } from "../../../src/cli/message/messageCommand.js";
import type { IncomingMessage, OutgoingReport } from "../../../src/sdk/messagesNode.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { createNodeWorld, type NodeWorld } from "../../dm3-node/nodeWorld.js";
import { expectRejection } from "../../expectError.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";

describe("signpost message send and inbox", () => {
  let world: NodeWorld;
  let chain: ChainServer;
  let folder: string;

  before(async () => {
    world = await createNodeWorld();
    for (const node of world.nodes) await world.signUp("bob", node);
    chain = await serveChain();
    folder = await mkdtemp(join(tmpdir(), "signpost-message-"));
    for (const person of ["alice", "bob"] as const) {
      await writeFile(keysOf(person), JSON.stringify(people[person].keys));
    }
  });
  after(async () => {
    await world.close();
    await chain.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    for (const node of world.nodes) node.bend = () => false;
  });
  afterEach(() => {
    process.exitCode = undefined;
  });

  const keysOf = (person: "alice" | "bob") => join(folder, `${person}.json`);

  const exitStatus = () => process.exitCode ?? 0;

  async function run(...args: string[]): Promise<{ text: string; status: unknown }> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
      writeErr: () => undefined,
    });
    messageCommand(program);
    const lookup = ["--rpc", chain.url, "--registry", world.ens.ensRegistry, "--allow-loopback"];
    process.exitCode = undefined;
    await program.parseAsync(["message", ...args, ...lookup], { from: "user" });
    return { text, status: exitStatus() };
  }

  const send = (to: string, ...args: string[]) =>
    run("send", to, "--from", "alice.eth", "--keys", keysOf("alice"), "--text", "hi", ...args);
  const inbox = (...args: string[]) => run("inbox", "bob.eth", "--keys", keysOf("bob"), ...args);

  it("sends a message, which the inbox shows until it is acknowledged", async () => {
    const sent = await send("bob.eth", "--json");
    expect(sent.status).to.equal(0);
    const report = JSON.parse(sent.text) as OutgoingReport;
    expect(report).to.include({ state: "accepted", acceptedBy: "ds.example.eth" });
    for (const args of [["--json"], ["--json", "--acknowledge"]]) {
      const { text, status } = await inbox(...args);
      const { messages, problems } = JSON.parse(text) as {
        messages: IncomingMessage[];
        problems: unknown[];
      };
      expect(messages.map(({ messageHash }) => messageHash)).to.deep.equal([report.messageHash]);
      expect({ problems, status }).to.deep.equal({ problems: [], status: 0 });
    }
    expect(JSON.parse((await inbox("--json")).text)).to.deep.include({ messages: [] });
    expect((await inbox()).text).to.equal("Nothing waits.\n");
  });

  it("tells both to a person, without what a terminal could act on", async () => {
    const { text } = await send("bob.eth", "--text", "\u001b[31mred");
    expect(text).to.match(/^accepted by ds\.example\.eth\nmessageHash {2}0x/);
    const shown = await inbox("--acknowledge");
    expect(shown.text).to.include('NEW  from "alice.eth"').and.to.include('"\\u001b[31mred"');
    expect(shown.text).not.to.include("\u001b");
  });

  it("tells a refusal, a receiver without a profile, and an outage by their exit statuses", async () => {
    const nobody = await send("nobody.eth");
    expect(nobody.status).to.equal(3);
    expect(nobody.text).to.match(/^not sent\nno-profile: nobody\.eth has no/);
    for (const node of world.nodes) {
      node.bend = (request, response) =>
        request.path === "/rpc" && Boolean(response.status(413).end());
    }
    const refused = await send("bob.eth");
    expect(refused.status).to.equal(1);
    expect(refused.text).to.match(/^refused\ntoo-large: /);
    for (const node of world.nodes) {
      node.bend = (_request, response) => Boolean(response.destroy());
    }
    const outage = await send("bob.eth", "--wait-sec", "1");
    expect(outage.status).to.equal(4);
    expect(outage.text).to.match(/^not accepted in time\nunreachable: /);
    const silent = await inbox();
    expect(silent.status).to.equal(4);
    expect(silent.text).to.match(/x ds\.example\.eth: UNREACHABLE/);
  });

  it("reads nothing with keys that the profile does not show", async () => {
    await expectRejection(
      run("inbox", "bob.eth", "--keys", keysOf("alice")),
      "OTHER_KEYS",
      /shows other keys/,
    );
  });

  it("refuses a time that is none", async () => {
    await expectRejection(send("bob.eth", "--wait-sec", "0"), "INVALID_REQUEST", /whole seconds/);
  });
});
