/**
 * The network's own end-to-end encryption (XEP-0373) around what the gateway carries: the app strips it, and the envelope inside is the
 * one that was sent, byte for byte.
 */
import { expect } from "chai";
import { type Element, parse } from "ltx";
import type { PublicKey } from "openpgp";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { type OpenNative, type XmlElement, xmppClientElement } from "../../src/sdk/xmppNode.js";
import { type ComponentStream, openComponentStream } from "../../src/xmpp/componentStream.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { KINDS } from "./bothServers.js";
import { sha256Of } from "./gatewayScene.js";
import {
  fetchNativeKey,
  makeNativeKey,
  type NativeKey,
  opened,
  publishNativeKey,
  sealed,
} from "./openpgpForXmpp.js";
import { type AtRelayNodes, openMessenger } from "./relayNodeUser.js";
import { eventually, has, newUser, signIn, type UserClient } from "./userClient.js";
import { dumpOf } from "./wholeDatabase.js";
import {
  type Device,
  linked,
  LONG_MS,
  newPerson,
  openDevice,
  type Person,
  shows,
} from "./wholeScene.js";

const textIn = ({ children: [text] }: XmlElement) => (typeof text === "string" ? text : "");

for (const kind of KINDS) {
  describe(`XMPP's own encryption around an envelope, on ${kind}`, function () {
    this.timeout(LONG_MS);
    let world: XmppWorld;
    let bob: Person;
    /** New in each test: it knows nothing of what came before. */
    let phone: Device;
    let laptop: UserClient;
    let alice: AtRelayNodes;
    let ofBob: NativeKey;
    /** Whose signature counts, by the sender that the server stamped. */
    const signers = new Map<string, PublicKey>();
    /** Messages that the app was asked to open, and the payloads that it found. */
    const asked: XmlElement[] = [];
    const stripped: Element[] = [];

    before(async () => {
      world = await startXmppWorld({
        ...{ kind, databaseUrl: undefined, onStep: () => undefined },
        reportFailure: () => undefined,
      });
      bob = await newPerson(world.server, "bob", [world.gateway.name]);
      ofBob = await makeNativeKey(`bob@${world.server.domain}`);
      phone = await newDevice("first");
      await linked(phone);
      await phone.logOut();
      laptop = await signIn(world.server, "bob", "laptop");
      if (kind === "prosody") await publishNativeKey((iq) => laptop.ask(iq), ofBob);
      signers.set(ofBob.bare, ofBob.privateKey.toPublic());
      alice = await openMessenger(world, world.demo.people[0]!);
    });
    after(async () => {
      await Promise.all([phone.logOut(), laptop.stop(), alice.leave()]);
      await world.stop();
    });

    const newDevice = (resource: string) =>
      // nothing but what comes live
      openDevice(world, bob, { resource, options: { openNative, archiveDays: 0 } });

    /** The app's part: who may have signed it goes by the outer sender. */
    const openNative: OpenNative = async (message) => {
      asked.push(message);
      const [bare = ""] = (message.attrs["from"] ?? "").split("/");
      const signer = signers.get(bare);
      const box = message.children.find((one) => typeof one !== "string" && one.name === "openpgp");
      if (signer === undefined || typeof box !== "object") return null;
      const payload = await opened(ofBob, signer, textIn(box));
      if (payload === null) return null;
      stripped.push(payload);
      return xmppClientElement(payload);
    };

    /** What alice writes, as the gateway brings it to the laptop. */
    async function carrierOf(text: string): Promise<Element> {
      const before = laptop.received.length;
      const { id } = await alice.send("bob.chat.example.eth", text);
      expect(await alice.settled(id)).to.include({ state: "accepted" });
      const isIt = (one: Element) => laptop.received.indexOf(one) >= before && has(one, "envelope");
      return laptop.until(isIt, "the carrier");
    }

    const message = (to: string, box: Element, from?: string) =>
      xml(
        "message",
        { type: "chat", to, from, id: `native-${sha256Of(box.toString()).slice(0, 8)}` },
        box,
        xml("body", {}, "This message is encrypted."),
        xml("store", { xmlns: "urn:xmpp:hints" }),
      );

    /** Of our own copy of ltx. */
    const ours = (element: Element) => parse(element.toString());

    const forwarded = (carrier: Element) => {
      const copy = ours(carrier);
      copy.attrs["xmlns"] = "jabber:client";
      return xml("forwarded", { xmlns: "urn:xmpp:forward:0" }, copy);
    };

    const acceptedBy = async (client: UserClient, carrier: Element) => {
      const { hash, number } = carrier.getChild("envelope", DM3_NS)!.attrs;
      const accepted = xml("accepted", {
        ...{ xmlns: DM3_NS, hash: String(hash), number: String(number) },
      });
      const [address] = String(carrier.attrs["from"]).split("/");
      await client.send(xml("message", { type: "normal", to: address }, accepted));
    };

    const envelopeIn = (carrier: Element) => carrier.getChild("envelope", DM3_NS)!.getText();

    const ciphertextIn = (carrier: Element) => {
      const { message: made } = JSON.parse(envelopeIn(carrier)) as { message: string };
      return (JSON.parse(made) as { ciphertext: string }).ciphertext;
    };

    /** It shows the text, the wire never had the envelope in plain, and inside was the very same. */
    async function showsStripped(text: string, carrier: Element): Promise<void> {
      await shows(phone, [text]);
      expect(phone.shown.filter((one) => one.text === text)).to.have.length(1);
      const envelopes = stripped.map(
        (payload) => payload.getChild("envelope", DM3_NS) ?? carrierIn(payload),
      );
      const hashes = new Set(envelopes.map((one) => sha256Of(one.getText())));
      expect([...hashes]).to.include(sha256Of(envelopeIn(carrier)));
      const ciphertext = ciphertextIn(carrier);
      expect(alice.wire.some((one) => one.includes(ciphertext))).to.equal(true);
      expect(phone.stanzas.filter((one) => one.includes(ciphertext))).to.deep.equal([]);
    }

    const carrierIn = (payload: Element) =>
      payload
        .getChild("forwarded", "urn:xmpp:forward:0")!
        .getChild("message", "jabber:client")!
        .getChild("envelope", DM3_NS)!;

    it("is stripped where one device of the user hands the envelope on to another one", async () => {
      const text = "Handed on by the laptop";
      const carrier = await carrierOf(text);
      const isKept = async () =>
        (await dumpOf(world.gateway.databaseUrl)).includes(ciphertextIn(carrier));
      expect(await isKept()).to.equal(true);
      await acceptedBy(laptop, carrier);
      await eventually(async () => !(await isKept()), "a gateway that keeps it no longer");
      phone = await newDevice("second");
      await linked(phone);
      const key =
        kind === "prosody"
          ? await fetchNativeKey((iq) => laptop.ask(iq), laptop.full, laptop.bare)
          : ofBob.privateKey.toPublic();
      const box = await sealed(ofBob, { bare: ofBob.bare, key }, forwarded(carrier));
      await laptop.send(message(laptop.bare, box));
      await showsStripped(text, carrier);
    });

    it("is not even opened where a stranger sent it, and of nobody else's envelope", async () => {
      const eve = await newUser(world.server, "eve");
      const ofEve = await makeNativeKey(eve.bare);
      signers.set(eve.bare, ofEve.privateKey.toPublic());
      const carrier = await carrierOf("Seen by eve");
      asked.length = 0;
      const to = { bare: ofBob.bare, key: ofBob.privateKey.toPublic() };
      for (const payload of [ours(carrier.getChild("envelope", DM3_NS)!), forwarded(carrier)]) {
        await eve.send(message(laptop.bare, await sealed(ofEve, to, payload)));
      }
      await laptop.until(
        (one) =>
          String(one.attrs["from"]).startsWith("eve@") && has(one, "openpgp", "urn:xmpp:openpgp:0"),
        "what eve sent",
      );
      expect(asked.map(({ attrs }) => attrs["from"])).to.not.include(eve.full);
      expect(stripped).to.have.length(1);
      await eve.stop();
    });

    it("is stripped where a gateway wraps it for the receiver's published key", async () => {
      const text = "Wrapped by the gateway";
      await phone.logOut();
      const carrier = await carrierOf(text);
      const address = String(carrier.attrs["from"]);
      await world.gateway.stop();
      const gateway = await asGateway();
      const ofAlice = await makeNativeKey(address);
      signers.set(address, ofAlice.privateKey.toPublic());
      phone = await newDevice("third");
      const key =
        kind === "prosody"
          ? await fetchNativeKey(gateway.ask, address, laptop.bare)
          : ofBob.privateKey.toPublic();
      const box = await sealed(
        ofAlice,
        { bare: ofBob.bare, key },
        ours(carrier.getChild("envelope", DM3_NS)!),
      );
      await eventually(async () => {
        await gateway.stream.write([message(laptop.bare, box, address).toString()]);
        return phone.shown.some((one) => one.text === text);
      }, "the text");
      await eventually(() => gateway.accepted.length > 0, "an acceptance");
      expect(gateway.accepted[0]).to.equal(sha256Of(envelopeIn(carrier)));
      await showsStripped(text, carrier);
      await gateway.stream.close();
      await world.gateway.startAgain();
    });

    /** The component, by a gateway of another make. */
    async function asGateway() {
      const { host, componentPort: port, componentDomain, domain, secret } = world.server;
      const answers = new Map<string, Element>();
      const accepted: string[] = [];
      const stream: ComponentStream = await openComponentStream(
        { host, port, componentDomain, secret },
        domain,
        {
          ...{ connectTimeoutMs: 10_000, keepaliveMs: 60_000, answerTimeoutMs: 10_000 },
          nowMs: () => performance.now(),
        },
        (stanza) => {
          answers.set(String(stanza.attrs["id"]), stanza);
          const told = stanza.getChild("accepted", DM3_NS);
          if (told !== undefined) accepted.push(String(told.attrs["hash"]));
        },
      );
      let count = 0;
      const ask = async (iq: Element) => {
        const id = `gateway-${++count}`;
        iq.attrs["id"] = id;
        await stream.write([iq.toString()]);
        await eventually(() => answers.has(id), "an answer to the gateway");
        return answers.get(id)!;
      };
      return { stream, ask, accepted };
    }
  });
}
