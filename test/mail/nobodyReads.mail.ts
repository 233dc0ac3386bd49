/** With everything that the bridge has, nobody opens the mails that it carries. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import {
  type AnyKeyPacket,
  decrypt,
  enums,
  readKey,
  readMessage,
  readPrivateKey,
  type SessionKey,
} from "openpgp";
import pg from "pg";
import { mail } from "../../src/capabilities/mail/mail.js";
import { relay } from "../../src/capabilities/relay/relay.js";
import type { Dm3MailUser } from "../../src/demo/dm3MailUser.js";
import type { DeltaChatUser } from "../../src/demo/mail/deltaChatUser.js";
import { reads } from "../../src/demo/mailConversation.js";
import { type MailNetwork, startMailNetwork } from "../../src/demo/mailNetwork.js";
import { readVCards } from "../../src/sdk/openpgpMimeNode.js";
import { openSecrets } from "../../src/service/openSecrets.js";
import { createProfile } from "../../src/wallet/createProfile.js";
import { sha256Of } from "../xmpp/gatewayScene.js";
import { dumpOf, tablesOf } from "../xmpp/wholeDatabase.js";
import { until } from "./until.js";

const TO_ALICE = "Meet me at the old lighthouse";
const TO_CAROL = "I shall wear a green carnation";
const KEY_BYTES = 32;

describe("nobody between DM3 and a mail user", function () {
  this.timeout(720_000);
  let network: MailNetwork;
  let alice: DeltaChatUser;
  let carol: Dm3MailUser;
  /** Encrypted messages in their armor, as they went over SMTP, and for whom. */
  const captured: { readonly armored: string; readonly certificate: Uint8Array }[] = [];
  let held = "";

  before(async () => {
    network = await startMailNetwork({
      ...{ databaseUrl: undefined, onStep: () => undefined },
      reportFailure: (error) => {
        console.error(error);
      },
    });
    alice = await network.newMailUser("alice");
    carol = await network.newDm3User("carol");
    const [card] = readVCards(await alice.vCard());
    network.provider.watchers.add(({ bytes }, way) => {
      const certificate = way === "in" ? card!.certificate! : carol.key.certificate;
      captured.push({ armored: armorIn(bytes), certificate });
    });
    const to = await network.introduce(carol, await alice.vCard());
    await carol.write(to, { type: "NEW", text: TO_ALICE });
    const { chatId } = await alice.sees(({ text }) => text === TO_ALICE);
    await alice.call("accept_chat", chatId);
    // so that a mail lies at the bridge
    for (const node of network.world.demo.relayNodes) await node.stop();
    await alice.write(chatId, { text: TO_CAROL });
    await until(() => captured.length >= 2);
    // with its own OpenPGP key, too
    const own = "/bridge/contacts/mailer-daemon.vcf";
    expect((await fetch(new URL(own, network.world.bridge.url))).status).to.equal(200);
    held = await dumpOf(network.world.bridge.databaseUrl);
    for (const node of network.world.demo.relayNodes) await node.startAgain();
    await reads(carol, TO_CAROL);
  });
  after(() => network.stop());

  it("has either text in the database", () => {
    expect(held).to.include("alice@mail.test");
    for (const text of [TO_ALICE, TO_CAROL]) {
      expect(held).to.not.include(text);
      expect(held).to.not.include(Buffer.from(text).toString("base64").slice(0, -4));
      expect(held).to.not.include(Buffer.from(text).toString("hex"));
    }
  });

  it("has a key that opens one of the mails", async () => {
    const keys = await keysOfBridge();
    expect(keys.length).to.be.above(20);
    for (const { armored, certificate } of captured) {
      for (const key of keys) expect(await openedBy(key, armored, certificate)).to.equal(null);
    }
    // the same attempt succeeds with the receiver's key
    const own = await readPrivateKey({ binaryKey: carol.key.privateKey });
    const { d } = (own.subkeys[0]!.keyPacket as unknown as SecretPacket).privateParams;
    const { armored, certificate } = captured.at(-1)!;
    expect(await openedBy(d, armored, certificate)).to.include(TO_CAROL);
  });

  /** All that can be a key of 32 bytes among the bridge's secrets: in its database, files and settings. */
  async function keysOfBridge(): Promise<readonly Uint8Array[]> {
    const { environment, databaseUrl: url, ed25519, name } = network.world.bridge;
    const file = environment["SECRETS_KEY_LOCATION"]!.replace(/^file:/, "");
    const sealed = await secretsIn(url, file);
    expect(sealed.length).to.be.above(3);
    const wallets = sealed.filter(({ table }) => table === "virtual_user");
    // alice's, and the bridge's own
    expect(wallets).to.have.length(2);
    expect(sealed.filter(({ table }) => table === "own_key")).to.have.length(1);
    const ofWallets: Uint8Array[] = [];
    for (const { bytes } of wallets) {
      const { keys } = await createProfile(new Wallet(`0x${hex(bytes)}`), [name]);
      ofWallets.push(keys.encryptionKeyPair.privateKey, keys.signingKeyPair.privateKey);
    }
    const texts = Object.values(environment).filter((text) => text !== undefined);
    return [
      ...sealed.map(({ bytes }) => bytes),
      ...ofWallets,
      Buffer.from((await readFile(file, "utf8")).trim().slice(2), "hex"),
      ed25519.privateKey.export({ type: "pkcs8", format: "der" }),
      ...texts.map((text) => Buffer.from(sha256Of(text), "hex")),
    ].flatMap(keysWithin);
  }
});

interface SecretPacket {
  readonly privateParams: { readonly d: Uint8Array };
}

/** What is sealed in the database of relay node and bridge, opened with the operator's key. */
async function secretsIn(url: string, file: string) {
  const capabilities = [relay, mail];
  const wrapping = { key: { kind: "file", file }, formerKeys: [] } as const;
  const opened = await openSecrets(capabilities, { url, pooler: "none" }, wrapping);
  const tables = await tablesOf(url);
  const connection = new pg.Client({ connectionString: url });
  await connection.connect();
  const found: { table: string; bytes: Uint8Array }[] = [];
  for (const capability of capabilities) {
    for (const place of capability.sealedColumns) {
      const { table, column, primaryKey } = place;
      const all = tables.filter((one) => one.endsWith(`_${capability.name}.${table}`));
      for (const one of all) {
        const { rows } = await connection.query<Record<string, unknown>>(
          `select * from ${one} where ${column} is not null`,
        );
        for (const row of rows) {
          const key = primaryKey.map(({ column: part, type }) => {
            const value = row[part] as string;
            return type === "bigint" ? BigInt(value) : value;
          });
          const secret = row[column] as Buffer;
          const read = () => Promise.resolve(new Uint8Array(secret));
          const bytes = await opened.of(capability).read({ column: place, row: key }, read);
          if (bytes !== null) found.push({ table, bytes });
        }
      }
    }
  }
  await connection.end();
  await opened.close();
  return found;
}

/** Each run of 32 bytes, of what it says in base64 or hexadecimal digits as well. */
function keysWithin(secret: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(secret).toString("latin1");
  const written = [...text.matchAll(/[0-9a-f]{64,}/gi)].map(([one]) => Buffer.from(one, "hex"));
  const base64 = [...text.matchAll(/[A-Za-z0-9+/]{43,}/g)].map(([one]) =>
    Buffer.from(one, "base64"),
  );
  return [secret, ...written, ...base64].flatMap((bytes) =>
    Array.from({ length: Math.max(0, bytes.length - KEY_BYTES + 1) }, (_, at) =>
      Uint8Array.from(bytes.subarray(at, at + KEY_BYTES)),
    ),
  );
}

/** As the receiver's Curve25519 key in either order of its bytes, and as the message's own key. Null: it opens nothing. */
async function openedBy(
  key: Uint8Array,
  armored: string,
  certificate: Uint8Array,
): Promise<string | null> {
  const sessionKeys = [key, key.subarray(0, 16)];
  const [subkey] = (await readKey({ binaryKey: certificate })).subkeys;
  const { packets } = await readMessage({ armoredMessage: armored });
  const sealed = packets.filterByTag(enums.packet.publicKeyEncryptedSessionKey);
  for (const one of sealed as unknown as readonly SealedKey[]) {
    for (const d of [key, Uint8Array.from(key).reverse()]) {
      const guessed = Object.assign(Object.create(subkey!.keyPacket) as AnyKeyPacket, {
        privateParams: { d },
      });
      const wasOpened = await one.decrypt(guessed).then(
        () => true,
        () => false,
      );
      if (wasOpened) sessionKeys.push(one.sessionKey);
    }
  }
  for (const data of sessionKeys) {
    const sessionKey: SessionKey = { algorithm: data.length === 16 ? "aes128" : "aes256", data };
    const message = await readMessage({ armoredMessage: armored });
    const text = await decrypt({ message, sessionKeys: [sessionKey] }).then(
      ({ data: opened }) => String(opened),
      () => null,
    );
    if (text !== null) return text;
  }
  return null;
}

interface SealedKey {
  readonly decrypt: (key: AnyKeyPacket) => Promise<void>;
  readonly sessionKey: Uint8Array;
}

function armorIn(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  return /-----BEGIN PGP MESSAGE-----[^-]+-----END PGP MESSAGE-----/.exec(text)![0];
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
