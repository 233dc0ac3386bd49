/** What comes back from the server, what comes from elsewhere, and who wants too much. */
import { performance } from "node:perf_hooks";
import { expect } from "chai";
import type { Element } from "ltx";
import { DEFAULT_LIMITS } from "../../src/xmpp/admission.js";
import { openComponentStream } from "../../src/xmpp/componentStream.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { onBothServers } from "./bothServers.js";
import { deliveryTo, openGateway, type Scene, sha256Of } from "./gatewayScene.js";
import { submitStanza, told } from "./stanzas.js";
import { eventually, has, newUser, type UserClient } from "./userClient.js";

const OTHER = "other.test";

onBothServers(
  "the gateway",
  (server) => {
    let gateway: Scene;
    let bob: UserClient;
    let eve: UserClient;
    const alice = () => `alice.eth@${server().componentDomain}`;
    const limits = { ...DEFAULT_LIMITS, submission: { atOnce: 30, perSec: 1, atOnceOfOne: 1 } };

    before(async () => {
      gateway = openGateway(server(), { limits });
      await gateway.connected();
      bob = await newUser(server(), "bob");
      eve = await newUser(server(), "eve");
    });
    after(async () => {
      await bob.stop();
      await eve.stop();
      await gateway.network.stop();
    });

    it("learns that an account does not exist, of each envelope", async () => {
      const deliveries = [1, 2].map((number) => deliveryTo(`nobody@${server().domain}`, number));
      await gateway.network.inject(deliveries);
      await eventually(() => gateway.happened.refused.length === 2, "two refusals");
      expect(gateway.happened.refused).to.deep.equal(
        deliveries.map(({ hash, number }) => `nobody@${server().domain} ${number}-${hash}`),
      );
    });

    it("takes no other error for the end: a full offline store, a client that is gone", async () => {
      const before = gateway.happened.refused.length;
      const away = await newUser(server(), "away");
      await away.stop();
      const deliveries = Array.from({ length: 20 }, (_, number) => deliveryTo(away.bare, number));
      await gateway.network.inject(deliveries);
      // an error for something later has come, so those before have
      await gateway.network.inject([deliveryTo(`nobody@${server().domain}`, 99)]);
      await eventually(() => gateway.happened.refused.length > before, "the last refusal");
      expect(gateway.happened.refused.slice(before).join()).to.match(/^nobody@\S+ 99-/);
    });

    it("serves accounts of its own server alone", async () => {
      const got: Element[] = [];
      const place = { host: server().host, port: server().componentPort, secret: server().secret };
      const other = await openComponentStream(
        { ...place, componentDomain: OTHER },
        server().domain,
        {
          ...{ connectTimeoutMs: 20_000, keepaliveMs: 30_000, answerTimeoutMs: 30_000 },
          nowMs: () => performance.now(),
        },
        (stanza) => got.push(stanza),
      );
      const from = `bob@${OTHER}/phone`;
      const answerTo = async (stanza: Element, id: string) => {
        stanza.attrs["from"] = from;
        stanza.attrs["id"] = id;
        other.answer(stanza);
        await eventually(() => got.some((one) => one.attrs["id"] === id), `an answer to ${id}`);
        return got.find((one) => one.attrs["id"] === id)!;
      };
      const forbidden = "OTHER_DOMAIN auth/forbidden";
      expect(told(await answerTo(submitStanza(alice(), ""), "f1"))).to.equal(forbidden);
      const to = server().componentDomain;
      const link = xml("iq", { type: "set", to }, xml("link", { xmlns: DM3_NS }, "{}"));
      expect(told(await answerTo(link, "f2"))).to.equal(forbidden);
      const text = xml("message", { type: "chat", to: alice() }, xml("body", {}, "Hello"));
      expect(told(await answerTo(text, "f3"))).to.equal(forbidden);
      const accepted = xml("accepted", { xmlns: DM3_NS, hash: sha256Of("x"), number: "1" });
      other.answer(xml("message", { from, to: alice() }, accepted));
      const info = xml("query", { xmlns: "http://jabber.org/protocol/disco#info" });
      const told4 = await answerTo(xml("iq", { type: "get", to }, info), "f4");
      expect(told4.attrs["type"]).to.equal("result");
      await other.close();
      expect(gateway.happened.submitted).to.deep.equal([]);
      expect(gateway.happened.links).to.deep.equal([]);
      expect(gateway.happened.delivered).to.deep.equal([]);
    });

    it("tells one who sends too much to wait, and serves another one meanwhile", async () => {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      gateway.core.submitted = async (submission) => {
        gateway.happened.submitted.push(submission);
        if (submission.from.localPart === "eve") await held;
        return null;
      };
      for (let count = 0; count < 60; count++) {
        await eve.send(submitStanza(alice(), `flood-${count}`, `{"number":${count}}`));
      }
      const refusals = () => eve.received.filter(({ attrs }) => attrs["type"] === "error");
      await eventually(() => refusals().length >= 20, "refusals");
      expect(told(refusals()[0]!)).to.equal("LIMIT_EXCEEDED wait/resource-constraint");
      await bob.send(submitStanza(alice(), "among"));
      const answer = await bob.until(({ attrs }) => attrs["id"] === "among", "an answer");
      expect(has(answer, "accepted")).to.equal(true); // ejabberd leaves out type="normal"
      release();
      await eventually(
        () => eve.received.filter((one) => has(one, "accepted")).length >= 25,
        "what was admitted",
      );
      const inOrder = gateway.happened.submitted
        .filter(({ from }) => from.localPart === "eve")
        .map(({ envelope }) => (JSON.parse(envelope) as { number: number }).number);
      expect(inOrder).to.deep.equal([...inOrder].sort((a, b) => a - b));
    });
  },
  { furtherComponents: [OTHER], mostOffline: 5 },
);
