/** DM3 inside of XMPP's own end-to-end encryption, as the app opens it; a real one is in test/xmpp/nativeEncryption.xmpp.ts. */
import { expect } from "chai";
import type { XmlElement } from "../../src/sdk/xmppNode.js";
import { messengerScene, NO_RECEIPTS, problemsOf, text } from "./messengerScene.js";
import {
  ACCOUNT,
  ALICE,
  carbon,
  delivery,
  GATEWAY,
  sha256,
  textIn,
  xml,
} from "./scriptedServer.js";

const SEALED = "urn:xmpp:openpgp:0";

describe("the messenger for XMPP apps, with XMPP's own encryption", () => {
  const scene = messengerScene();
  const { reading, until, envelope, mark } = scene;
  let asked: XmlElement[];

  beforeEach(() => {
    asked = [];
  });

  /** The payload instead of the children, which nobody but the app can read. */
  const sealed = (message: XmlElement, attrs: XmlElement["attrs"] = {}): XmlElement => ({
    ...message,
    attrs: { ...message.attrs, ...attrs },
    children: [xml("openpgp", { xmlns: SEALED }, JSON.stringify(message.children))],
  });

  const openNative = (message: XmlElement): Promise<XmlElement | null> => {
    asked.push(message);
    const [box] = message.children;
    if (typeof box !== "object" || box.attrs["xmlns"] !== SEALED) return Promise.resolve(null);
    const inside = JSON.parse(textIn(box)) as XmlElement[];
    return Promise.resolve(xml("payload", {}, ...inside));
  };

  const opening = () => reading({ ...NO_RECEIPTS, openNative });

  /** Of another device of the user. */
  const handedOn = (message: XmlElement): XmlElement => {
    const inner = { ...message, attrs: { ...message.attrs, xmlns: "jabber:client" } };
    const forwarded = xml("forwarded", { xmlns: "urn:xmpp:forward:0" }, inner);
    const own = { type: "chat", from: `${ACCOUNT}/laptop`, to: ACCOUNT };
    return sealed(xml("message", own, forwarded));
  };

  it("reads what is inside once, whether it comes live, as a carbon, from the archive or in plain", async () => {
    const carrier = delivery(await envelope("sealed"));
    scene.server.archive.push({ id: "a1", message: sealed(carrier) });
    const bob = await opening();
    scene.server.push(sealed(carrier));
    scene.server.push(carbon(sealed(carrier)));
    scene.server.push(carrier);
    scene.server.push(handedOn(carrier));
    await until(() => asked.length === 4);
    expect(await mark(bob)).to.deep.equal([text("sealed")]);
    expect(bob.problems).to.deep.equal([]);
  });

  it("says accepted to the gateway for the hash of what is inside", async () => {
    const inside = await envelope("sealed");
    const bob = await opening();
    scene.server.push(sealed(delivery(inside)));
    await until(() => bob.shown.length === 1);
    await bob.acknowledge(bob.shown[0]!);
    expect(scene.server.told("accepted")).to.deep.equal([{ to: ALICE, hash: sha256(inside) }]);
  });

  it("asks for nothing that strangers sent, and for no error", async () => {
    const carrier = delivery(await envelope("forged"));
    const bob = await opening();
    for (const from of ["eve@chat.example", "alice.eth@dm3.evil.example", `${GATEWAY}.evil`]) {
      scene.server.push(sealed(carrier, { from }));
      scene.server.push(carbon(sealed(carrier, { from })));
      scene.server.archive.push({ id: from, message: sealed(carrier, { from }) });
    }
    scene.server.push(sealed(carrier, { type: "error" }));
    scene.server.push(sealed(carrier, { from: `${ACCOUNT}/laptop`, to: "eve@chat.example" }));
    expect(await mark(bob)).to.deep.equal([]);
    const again = await (await bob.stop(), opening());
    expect(await mark(again)).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it("believes no sender that stands inside", async () => {
    const bob = await opening();
    const inner = await envelope("forged");
    scene.server.push(handedOn(delivery(inner, { from: "eve@chat.example" })));
    scene.server.push(handedOn(delivery(inner, { from: ACCOUNT })));
    const nested = handedOn(delivery(inner)).children;
    scene.server.push(xml("message", { type: "chat", from: ALICE, to: ACCOUNT }, ...nested));
    await until(() => asked.length === 3);
    expect(await mark(bob)).to.deep.equal([]);
  });

  it("tells what could not be opened, and asks for it again with the next reading", async () => {
    scene.server.archive.push({ id: "a1", message: sealed(delivery(await envelope("later"))) });
    scene.server.archive.push({ id: "a2", message: delivery(await envelope("plain")) });
    const failing = () => Promise.reject(new Error("the keys are locked"));
    const bob = await reading({ ...NO_RECEIPTS, openNative: failing });
    await until(() => bob.shown.length === 1);
    expect(problemsOf(bob)).to.deep.equal(["INTERNAL"]);
    await bob.acknowledge(bob.shown[0]!);
    await bob.stop();
    const later = await opening();
    expect(await mark(later)).to.deep.equal([text("later")]);
  });

  it("goes on behind what the app can never open", async () => {
    scene.server.archive.push({ id: "a1", message: sealed(delivery(await envelope())) });
    const bob = await reading({ ...NO_RECEIPTS, openNative: () => Promise.resolve(null) });
    expect(await mark(bob)).to.deep.equal([]);
    await bob.stop();
    scene.server.sent.length = 0;
    await reading(NO_RECEIPTS);
    expect(JSON.stringify(scene.server.sent)).to.include('"after","attrs":{},"children":["a1"]');
  });

  it("opens more than it can hold at once later", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const bob = await reading({
      ...NO_RECEIPTS,
      openNative: (message) => held.then(() => openNative(message)),
    });
    for (let count = 0; count < 101; count++) {
      const message = sealed(delivery(await envelope(`text ${count}`)));
      scene.server.archive.push({ id: `a${count}`, message });
      scene.server.push(message);
    }
    release();
    await until(() => bob.shown.length === 101);
    expect(new Set(bob.shown.map(({ id }) => id)).size).to.equal(101);
  });
});
