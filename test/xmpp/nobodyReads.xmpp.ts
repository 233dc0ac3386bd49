/** With everything that the gateway and the server have, nobody can read what they carry; and they carry it unchanged, both ways. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { relay } from "../../src/capabilities/relay/relay.js";
import { relayKeys } from "../../src/capabilities/relay/relayKeys.js";
import { openPool } from "../../src/db/pool.js";
import { relayTables } from "../../src/db/relay/relayTables.js";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import type { EncryptionKey } from "../../src/dm3/crypto/cryptoEngine.js";
import { decryptText } from "../../src/dm3/message/encryption.js";
import { KEPT_DELIVERY_INFORMATION } from "../../src/dm3/message/fetchedEnvelope.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { openSecrets } from "../../src/service/openSecrets.js";
import { type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";
import { KINDS } from "./bothServers.js";
import { gatewayAsProgram } from "./gatewayChild.js";
import { sha256Of } from "./gatewayScene.js";
import { type AtRelayNodes, openMessenger } from "./relayNodeUser.js";
import { eventually } from "./userClient.js";
import { dumpOf, tablesOf } from "./wholeDatabase.js";
import {
  type Device,
  linked,
  LONG_MS,
  newPerson,
  openDevice,
  type Person,
  shows,
} from "./wholeScene.js";

const TO_BOB = "Meet me at the old lighthouse";
const TO_ALICE = "I shall wear a green carnation";

for (const kind of KINDS) {
  describe(`nobody in between, on ${kind}`, function () {
    this.timeout(LONG_MS);
    let world: XmppWorld;
    let bob: Person;
    let device: Device;
    let alice: AtRelayNodes;
    let program: ChildProgram;
    let folder: string;
    /** What the gateway, the server and their logs held while a message was on its way, by direction. */
    const held = { toBob: "", toAlice: "" };
    const made = { toBob: "", toAlice: "" };

    before(async () => {
      folder = await temporaryFolder();
      world = await startXmppWorld({
        ...{
          kind,
          databaseUrl: undefined,
          onStep: () => undefined,
          reportFailure: () => undefined,
        },
      });
      await world.gateway.stop();
      const { port } = new URL(world.gateway.url);
      program = await gatewayAsProgram(world.gateway, folder, port);
      bob = await newPerson(world.server, "bob", [world.gateway.name]);
      device = await openDevice(world, bob, { resource: "phone" });
      await linked(device);
      alice = await openMessenger(world, world.demo.people[0]!);
    });
    after(async () => {
      await Promise.all([device.logOut(), alice.leave()]);
      program.process.kill("SIGTERM");
      await program.ended;
      await world.stop();
      await removeFolder(folder);
    });

    const everything = async () =>
      [
        await dumpOf(world.gateway.databaseUrl),
        await textOfFolder(world.server.folder),
        program.output(),
      ].join("\n");

    it("changes a message to the XMPP user: the same ciphertext is kept, archived and read", async () => {
      await device.logOut();
      const { id } = await alice.send("bob.chat.example.eth", TO_BOB);
      expect(await alice.settled(id)).to.include({ state: "accepted" });
      made.toBob = ciphertextsIn(alice.wire.find((text) => text.includes("submit"))!)[0]!;
      const [kept] = ciphertextsIn(await dumpOf(world.gateway.databaseUrl));
      expect(sha256Of(kept!)).to.equal(sha256Of(made.toBob));
      const { ciphertext } = JSON.parse(made.toBob) as { ciphertext: string };
      await eventually(
        async () => (await textOfFolder(world.server.folder)).includes(ciphertext),
        "the message in the server's folder",
      );
      held.toBob = await everything();
      await device.back();
      await shows(device, [TO_BOB]);
      const got = device.stanzas.flatMap((stanza) => ciphertextsIn(unescaped(stanza)));
      expect(got).to.not.be.empty;
      expect(new Set(got.map(sha256Of))).to.deep.equal(new Set([sha256Of(made.toBob)]));
    });

    it("changes a message of the XMPP user: the same ciphertext is sent, kept and handed over", async () => {
      for (const node of world.demo.relayNodes) await node.stop();
      const { id } = await device.messenger().send(world.demo.people[0]!.name, TO_ALICE);
      expect(await device.messenger().settled(id)).to.include({ state: "accepted" });
      const sent = device.sent.map(unescaped).find((stanza) => stanza.includes("<submit "));
      const [, encrypted] = /"encryptedMessage":("(?:[^"\\]|\\.)*")/.exec(sent ?? "") ?? [];
      made.toAlice = JSON.parse(encrypted!) as string;
      held.toAlice = await everything();
      const { ciphertext } = JSON.parse(made.toAlice) as { ciphertext: string };
      expect(held.toAlice).to.include(ciphertext);
      for (const node of world.demo.relayNodes) await node.startAgain();
      await shows(alice, [TO_ALICE]);
      const got = alice.wire.flatMap(ciphertextsIn).filter((one) => one !== made.toBob);
      expect(new Set(got.map(sha256Of))).to.deep.equal(new Set([sha256Of(made.toAlice)]));
    });

    it("holds either text", () => {
      for (const all of [held.toBob, held.toAlice]) {
        expect(all).to.not.include(TO_BOB);
        expect(all).to.not.include(TO_ALICE);
        for (const text of [TO_BOB, TO_ALICE]) {
          expect(all).to.not.include(Buffer.from(text).toString("base64").slice(0, -4));
          expect(all).to.not.include(Buffer.from(text).toString("hex"));
        }
      }
    });

    it("has a key that opens them", async () => {
      const keys = await keysOfGateway();
      expect(keys).to.have.length.above(4);
      for (const key of keys) {
        for (const sealed of [made.toBob, made.toAlice]) {
          expect(await decryptText(nodeEngine, key, sealed)).to.equal(null);
        }
      }
      // the same attempt succeeds with the receiver's key
      const { privateKey } = bob.profile.keys.encryptionKeyPair;
      const own = await nodeEngine.encryptionKey(privateKey);
      const read = await decryptText(nodeEngine, own, made.toBob);
      expect(read).to.have.property("text").that.includes(TO_BOB);
    });

    /** All secrets of the gateway, each as a key: of its node, of its operator, and between it and the server. */
    async function keysOfGateway(): Promise<readonly EncryptionKey[]> {
      const { environment, databaseUrl: url } = world.gateway;
      const file = environment["SECRETS_KEY_LOCATION"]!.replace(/^file:/, "");
      const secrets = await openSecrets(
        [relay],
        { url, pooler: "none" },
        {
          key: { kind: "file", file },
          formerKeys: [],
        },
      );
      const pool = openPool({ url });
      const schema = (await tablesOf(url))
        .find((name) => /_relay\.message$/.test(name))!
        .replace(/\.message$/, "");
      const opened = await relayKeys(pool, relayTables(schema), secrets.of(relay));
      const raw = [
        Buffer.from((await readFile(file, "utf8")).trim().slice(2), "hex"),
        Buffer.from(opened.tokenSecret),
        Buffer.from(sha256Of(environment["XMPP_SECRET"]!), "hex"),
        Buffer.from(sha256Of(environment["XMPP_REGISTRY_KEY"]!), "hex"),
      ];
      await pool.end();
      await secrets.close();
      const nodeKeys = opened.all().map(({ keys }) => keys.encryptionKey);
      // they are the right ones: they open what is for the relay node
      const [, information] = new RegExp(
        `"${KEPT_DELIVERY_INFORMATION}":("(?:[^"\\\\]|\\\\.)*")`,
      ).exec(rowText(held.toBob))!;
      const read = await decryptText(nodeEngine, nodeKeys[0]!, JSON.parse(information!) as string);
      expect(read).to.have.property("text").that.includes("bob.chat.example.eth");
      const others: EncryptionKey[] = [];
      for (const key of raw) others.push(await nodeEngine.encryptionKey(key));
      return [...nodeKeys, ...others];
    }
  });
}

/** As the envelopes in it hold them, which stand as text in what is submitted. */
function ciphertextsIn(text: string): readonly string[] {
  const [, inner] = /"params":\[("(?:[^"\\]|\\.)*")\]/.exec(text) ?? [];
  const found = rowText(inner === undefined ? text : (JSON.parse(inner) as string)).matchAll(
    /\{"message":("(?:[^"\\]|\\.)*"),"metadata"/g,
  );
  return [...found].map(([, json]) => JSON.parse(json!) as string);
}

/** Postgres doubles quotes and backslashes within a row. */
const rowText = (text: string) => text.replace(/""/g, '"').replace(/\\\\/g, "\\");

const unescaped = (xml: string) =>
  xml
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");

/** All files, those of the log as well. */
async function textOfFolder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "latin1").catch(() => "")));
  return texts.join("\n");
}
