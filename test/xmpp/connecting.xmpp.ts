/** The component's connection: what an operator is told when there is none, and what happens when it ends. */
import { performance } from "node:perf_hooks";
import { expect } from "chai";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { openComponentStream } from "../../src/xmpp/componentStream.js";
import type { ComponentPlace } from "../../src/xmpp/handshake.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { expectRejection } from "../expectError.js";
import { onBothServers } from "./bothServers.js";
import { ALICE, deliveryTo, openGateway, type Scene } from "./gatewayScene.js";
import { eventually, has, newUser, signIn, type UserClient } from "./userClient.js";

const open = (server: XmppServer, place: Partial<ComponentPlace> = {}) =>
  openComponentStream(
    {
      ...{ host: server.host, port: server.componentPort, secret: server.secret },
      ...{ componentDomain: server.componentDomain, ...place },
    },
    server.domain,
    {
      ...{ connectTimeoutMs: 20_000, keepaliveMs: 30_000, answerTimeoutMs: 30_000 },
      nowMs: () => performance.now(),
    },
    () => undefined,
  );

onBothServers("a component", (server, kind) => {
  it("tells an operator what to mend", async () => {
    await expectRejection(
      open(server(), { secret: "another" }),
      "INVALID_CONFIGURATION",
      /refused the secret of dm3\.chat\.test\. Set the same one/,
    );
    await expectRejection(
      open(server(), { componentDomain: "other.test" }),
      "INVALID_CONFIGURATION",
      kind === "prosody"
        ? /knows no component other\.test at port \d+\. Add it/
        : /refused the secret of other\.test\. Set the same one, for this very component/,
    );
    await expectRejection(
      open(server(), { port: server().clientPort }),
      "INVALID_CONFIGURATION",
      kind === "prosody" ? /or the port, which is that of/ : /is not for components/,
    );
  });

  it("that is connected twice is told by prosody; ejabberd takes both, hence a lock of our own", async () => {
    const first = await open(server());
    const second = open(server());
    if (kind === "prosody") {
      await expectRejection(
        second,
        "UNREACHABLE",
        /Another process is connected .* as dm3\.chat\.test/,
      );
    } else {
      // no barrier here: of two connections, ejabberd answers to either
      await (await second).close();
    }
    await first.barrier();
    await first.close();
    expect(await first.ended).to.equal(null);
  });

  it("that sends more than the server takes is told to raise the limit, and injects nothing of that size", async () => {
    const gateway = openGateway(server());
    await gateway.connected();
    await gateway.network.inject([deliveryTo(`bob@${server().domain}`, 3, 600_000)]);
    expect(gateway.happened.refused.map((text) => text.split("-")[0])).to.deep.equal([
      "bob@chat.test 3",
    ]);
    const raw = { ...deliveryTo(`bob@${server().domain}`, 4), envelope: '"é\r"' };
    await gateway.network.inject([raw]);
    expect(gateway.happened.refused).to.have.length(2);
    expect(gateway.happened.disconnected).to.equal(0);
    await gateway.network.stop();

    const stream = await open(server());
    const huge = xml(
      "message",
      { from: server().componentDomain, to: `bob@${server().domain}` },
      xml("body", {}, "x".repeat(600_000)),
    );
    await stream.write([huge.toString()]).catch(() => undefined);
    const error = await stream.ended;
    expect(error?.message).to.match(
      /[Rr]aise its (?:limits of stanza size|component_stanza_size_limit)/,
    );
  });
});

onBothServers("the gateway's connection", (server) => {
  let gateway: Scene;
  let bob: UserClient;
  const envelopes = (user: UserClient) => user.received.filter((one) => has(one, "envelope"));

  before(async () => {
    gateway = openGateway(server(), { keepaliveMs: 500, answerTimeoutMs: 2_000 });
    await gateway.connected();
    bob = await newUser(server(), "bob");
  });
  after(async () => {
    await bob.stop();
    await gateway.network.stop();
  });

  it("comes back after a server that was stopped, and after one that was killed", async () => {
    await bob.stop();
    for (const end of ["stop", "kill"] as const) {
      const { connected, disconnected } = gateway.happened;
      await server()[end]();
      await eventually(() => gateway.happened.disconnected > disconnected, "an end");
      await expectRejection(
        gateway.network.inject([deliveryTo(bob.bare, 1)]),
        "UNREACHABLE",
        /cannot be reached: there is no connection/,
      );
      await eventually(() => gateway.happened.reported.length > 0, "a report");
      await server().start();
      await gateway.connected();
      expect(gateway.happened.connected).to.equal(connected + 1);
    }
    // one line for each reason, not one for each attempt
    expect(gateway.happened.reported.length).to.be.below(8);
    bob = await signIn(server(), "bob", "phone");
    await gateway.network.inject([deliveryTo(bob.bare, 1)]);
    await eventually(() => envelopes(bob).length === 1, "an envelope");
  });

  it("is given up when the server answers nothing any more, and taken up again", async () => {
    const { disconnected } = gateway.happened;
    process.kill(server().pid(), "SIGSTOP");
    try {
      await expectRejection(
        gateway.network.inject([deliveryTo(bob.bare, 1)]),
        "UNREACHABLE",
        /the connection was cut/,
      );
      expect(gateway.happened.disconnected).to.equal(disconnected + 1);
    } finally {
      process.kill(server().pid(), "SIGCONT");
    }
    await gateway.connected();
    await gateway.network.inject([deliveryTo(bob.bare, 1)]);
  });

  it("ends in order, so that what was answered before has arrived, and answers no more", async () => {
    bob = await signIn(server(), "bob", "phone");
    gateway.core.submitted = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return null;
    };
    const submit = xml("submit", { xmlns: DM3_NS, hash: SHA_OF_X }, "x");
    await bob.send(
      xml("message", { type: "chat", to: `${ALICE}@${server().componentDomain}`, id: "s" }, submit),
    );
    await bob.ask(
      xml(
        "iq",
        { type: "get", to: server().componentDomain },
        xml("ping", { xmlns: "urn:xmpp:ping" }),
      ),
    );
    await gateway.network.stop();
    await bob.until((one) => has(one, "accepted"), "the answer to what was under way");
    await expectRejection(
      gateway.network.inject([deliveryTo(bob.bare, 1)]),
      "UNREACHABLE",
      /no connection/,
    );
  });
});

const SHA_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
