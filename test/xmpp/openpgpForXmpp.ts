/**
 * XMPP's own end-to-end encryption, as an app has it: OpenPGP for XMPP (XEP-0373, version 0.6.0). Keys are published at the account, and
 * messages are signed and encrypted as one element.
 */
import { randomBytes } from "node:crypto";
import { type Element, parse } from "ltx";
import * as openpgp from "openpgp";
import { xml } from "../../src/xmpp/xml.js";

export const OPENPGP = "urn:xmpp:openpgp:0";
const PUBSUB = "http://jabber.org/protocol/pubsub";

export interface NativeKey {
  /** Whose: `bob@chat.test`. */
  readonly bare: string;
  readonly privateKey: openpgp.PrivateKey;
}

type Ask = (iq: Element) => Promise<Element>;

export async function makeNativeKey(bare: string): Promise<NativeKey> {
  const { privateKey } = await openpgp.generateKey({
    ...{ type: "ecc", curve: "ed25519Legacy", format: "object" },
    userIDs: { name: `xmpp:${bare}` },
  });
  return { bare, privateKey };
}

/** Section 4.1 and 4.2: the key, and the list that names it, for everybody. */
export async function publishNativeKey(ask: Ask, { privateKey }: NativeKey): Promise<void> {
  const publicKey = privateKey.toPublic();
  const fingerprint = publicKey.getFingerprint().toUpperCase();
  const data = xml("data", {}, Buffer.from(publicKey.write()).toString("base64"));
  const date = new Date().toISOString();
  await publish(ask, nodeOf(fingerprint), xml("pubkey", { xmlns: OPENPGP }, data));
  const named = xml("pubkey-metadata", { "v4-fingerprint": fingerprint, date });
  await publish(ask, NODE, xml("public-keys-list", { xmlns: OPENPGP }, named));
}

/** Section 4.3. */
export async function fetchNativeKey(
  ask: Ask,
  from: string,
  of: string,
): Promise<openpgp.PublicKey> {
  const list = (await items(ask, from, of, NODE)).getChild("public-keys-list", OPENPGP)!;
  const fingerprint = String(list.getChild("pubkey-metadata")!.attrs["v4-fingerprint"]);
  const found = (await items(ask, from, of, nodeOf(fingerprint))).getChild("pubkey", OPENPGP)!;
  const binaryKey = Buffer.from(found.getChildText("data")!, "base64");
  return (await openpgp.readKey({ binaryKey })).toPublic();
}

/** Section 3.1, `<signcrypt/>`: the element that stands in a message in place of these. */
export async function sealed(
  by: NativeKey,
  to: { readonly bare: string; readonly key: openpgp.PublicKey },
  ...payload: readonly Element[]
): Promise<Element> {
  const content = xml(
    "signcrypt",
    { xmlns: OPENPGP },
    xml("to", { jid: to.bare }),
    xml("time", { stamp: new Date().toISOString() }),
    xml("rpad", {}, randomBytes(16).toString("hex")),
    xml("payload", {}, ...payload),
  );
  const bytes: unknown = await openpgp.encrypt({
    message: await openpgp.createMessage({ text: content.toString() }),
    encryptionKeys: [to.key, by.privateKey.toPublic()],
    signingKeys: by.privateKey,
    format: "binary",
  });
  return xml("openpgp", { xmlns: OPENPGP }, Buffer.from(bytes as Uint8Array).toString("base64"));
}

/** The payload of a message that is for this key, and signed by that one; null for every other message. */
export async function opened(
  own: NativeKey,
  signer: openpgp.PublicKey,
  base64: string,
): Promise<Element | null> {
  const message = await openpgp.readMessage({ binaryMessage: Buffer.from(base64, "base64") });
  const read = await openpgp.decrypt({
    message,
    decryptionKeys: own.privateKey,
    verificationKeys: signer,
    expectSigned: true,
  });
  await read.signatures[0]!.verified;
  const content = parse(String(read.data));
  if (!content.is("signcrypt", OPENPGP)) return null;
  const isOwn = content.getChildren("to").some(({ attrs }) => attrs["jid"] === own.bare);
  return isOwn ? (content.getChild("payload") ?? null) : null;
}

const NODE = "urn:xmpp:openpgp:0:public-keys";
const nodeOf = (fingerprint: string) => `${NODE}:${fingerprint}`;

async function publish(ask: Ask, node: string, item: Element): Promise<void> {
  const field = (name: string, value: string, type?: string) =>
    xml("field", { var: name, type }, xml("value", {}, value));
  const open = xml(
    "x",
    { xmlns: "jabber:x:data", type: "submit" },
    field("FORM_TYPE", `${PUBSUB}#publish-options`, "hidden"),
    field("pubsub#access_model", "open"),
  );
  const answer = await ask(
    xml(
      "iq",
      { type: "set" },
      xml(
        "pubsub",
        { xmlns: PUBSUB },
        xml("publish", { node }, xml("item", { id: "current" }, item)),
        xml("publish-options", {}, open),
      ),
    ),
  );
  if (answer.attrs["type"] !== "result") throw new Error(answer.toString());
}

async function items(ask: Ask, from: string, of: string, node: string): Promise<Element> {
  const query = xml("pubsub", { xmlns: PUBSUB }, xml("items", { node }));
  const answer = await ask(xml("iq", { type: "get", from, to: of }, query));
  const item = answer.getChild("pubsub", PUBSUB)?.getChild("items")?.getChild("item");
  if (item === undefined) throw new Error(answer.toString());
  return item;
}
