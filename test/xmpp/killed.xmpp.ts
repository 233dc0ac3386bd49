/** A gateway that is killed: a new one takes its place, injects again what nobody accepted, and the client tells copies by their hash. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { onBothServers } from "./bothServers.js";
import { deliveryTo, openGateway } from "./gatewayScene.js";
import { eventually, has, newUser } from "./userClient.js";

const PROGRAM = fileURLToPath(new URL("gatewayProgram.ts", import.meta.url));
const BATCH = 20;

onBothServers("a gateway that was killed", (server) => {
  it("is replaced at once, and nothing is lost or changed by what it had on its way", async () => {
    const bob = await newUser(server(), "bob");
    const { host, componentPort, domain, componentDomain, secret } = server();
    const plan = { server: { host, componentPort, domain, componentDomain, secret } };
    const child = spawn(
      process.execPath,
      ["--import", "tsx", PROGRAM, JSON.stringify({ ...plan, to: bob.bare, batch: BATCH })],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let known = 0;
    child.stdout.on("data", (bytes: Buffer) => {
      known = Number(bytes.toString().trim().split("\n").at(-1));
    });
    await eventually(() => known >= 5 * BATCH, "some batches");
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;

    const gateway = openGateway(server());
    await gateway.connected();
    const all = Array.from({ length: known + BATCH }, (_, number) =>
      deliveryTo(bob.bare, number, 2_000),
    );
    await gateway.network.inject(all);
    const got = () => bob.received.filter((one) => has(one, "envelope"));
    const hashes = () =>
      new Set(got().map((one) => String(one.getChild("envelope", DM3_NS)!.attrs["hash"])));
    await eventually(() => all.every(({ hash }) => hashes().has(hash)), "all envelopes");
    // what the killed one had sent, and what its successor sends again, may come in any order
    await eventually(() => got().length > all.length, "copies by both");
    // the same stanza, whichever process sent it
    const texts = new Map<string, string>();
    for (const one of got()) {
      const id = String(one.attrs["id"]);
      const text = one.getChild("envelope", DM3_NS)!.toString();
      expect(texts.get(id) ?? text).to.equal(text);
      texts.set(id, text);
    }
    for (const { hash, number } of all) {
      const accepted = xml("accepted", { xmlns: DM3_NS, hash, number: String(number) });
      await bob.send(xml("message", { to: `alice.eth@${componentDomain}` }, accepted));
    }
    await eventually(() => gateway.happened.delivered.length >= all.length, "all acceptances");
    expect(new Set(gateway.happened.delivered).size).to.equal(all.length);
    await bob.stop();
    await gateway.network.stop();
  });
});
