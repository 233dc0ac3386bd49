import { expect } from "chai";
import fc from "fast-check";
import { type DecodedMessage, decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import { sealDeliveryInformation } from "../../src/dm3/message/deliveryInformation.js";
import type { Envelope } from "../../src/dm3/message/envelope.js";
import { openPostmark } from "../../src/dm3/message/postmark.js";
import { type ErrorCode, isSignpostError } from "../../src/errors.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { bobReads, changed } from "../dm3/message/sampleEnvelopes.js";
import { expectRejection } from "../expectError.js";
import envelopes from "../vectors/envelopes.json" with { type: "json" };
import {
  ALICE,
  engineKeysOf,
  openRelayWorld,
  personOf,
  type RelayWorld,
  somebody,
} from "./relayWorld.js";

const { encryptedEnvelop: fromVectors } = envelopes.simple;

describe("relay: submit", () => {
  let world: RelayWorld;
  beforeEach(async () => {
    world = await openRelayWorld();
  });
  afterEach(() => world.close());

  const refused = (given: unknown, code: ErrorCode, sentence: RegExp) =>
    expectRejection(world.submit(given), code, sentence);

  it("accepts the reference's envelope, as text and as an object, and bob reads what alice wrote", async () => {
    const accepted = await world.submit(JSON.stringify(fromVectors));
    expect(accepted.number).to.be.above(0);
    expect((await world.submit(fromVectors)).number).to.equal(null);
    const [served, ...rest] = await world.mailOfBob();
    expect(rest).to.deep.equal([]);
    expect(served!.metadata.deliveryInformation).to.deep.equal({
      from: "alice.eth",
      to: "bob.eth",
    });
    const { messageHash } = fromVectors.metadata;
    expect(served!.metadata["messageHash"]).to.equal(messageHash);
    expect(served!.metadata["encryptedMessageHash"]).to.equal(messageHash);
    const read = await decodeMessage(served, await bobReads(nodeEngine));
    expect(textOf(read)).to.equal("Hello Bob");
  });

  it("takes either name of the hash, and serves its value under both", async () => {
    for (const hashField of ["messageHash", "encryptedMessageHash"] as const) {
      const envelope = await world.write({ hashField, text: hashField });
      await world.submit(envelope);
      const [served] = await world.mailOfBob();
      const value = envelope.metadata[hashField];
      expect(served!.metadata["messageHash"]).to.equal(value);
      expect(served!.metadata["encryptedMessageHash"]).to.equal(value);
      const read = await decodeMessage(served, await bobReads(nodeEngine));
      expect(textOf(read)).to.equal(hashField);
    }
  });

  const WRONG_SIGNATURE = /is not signed by the key in the profile of "alice.eth". Sign it again/;
  const other = (base64: string) => (base64.startsWith("A") ? "B" : "A") + base64.slice(1);
  const FLIPS: readonly (readonly [
    readonly string[],
    (old: string) => unknown,
    ErrorCode,
    RegExp,
  ])[] = [
    [["metadata", "version"], () => "v2", "WRONG_METADATA_SIGNATURE", WRONG_SIGNATURE],
    [["metadata", "encryptionScheme"], () => "none", "WRONG_METADATA_SIGNATURE", WRONG_SIGNATURE],
    [
      ["metadata", "messageHash"],
      (hash) => `0x${"0".repeat(64)}${hash.slice(66)}`,
      ...(["WRONG_METADATA_SIGNATURE", WRONG_SIGNATURE] as const),
    ],
    [["metadata", "signature"], other, "WRONG_METADATA_SIGNATURE", WRONG_SIGNATURE],
    [
      ["metadata", "deliveryInformation"],
      (text) => text.replace(/"nonce":"0x../, '"nonce":"0x00'),
      ...(["NOT_FOR_THIS_KEY", /was encrypted for another relay node, or altered/] as const),
    ],
    [
      ["message"],
      () => 1,
      "ENVELOPE_MALFORMED",
      /The field message of the envelope must be a string/,
    ],
  ];
  for (const [path, flip, code, sentence] of FLIPS) {
    it(`refuses an envelope of which only ${path.join(".")} was changed`, async () => {
      const old = path.reduce<unknown>(
        (value, key) => (value as Record<string, unknown>)[key],
        fromVectors,
      );
      await refused(changed<unknown>(fromVectors, path, flip(String(old))), code, sentence);
      expect(await world.mailOfBob()).to.deep.equal([]);
    });
  }

  it("refuses what another one wrote in somebody's name, also in the receiver's own", async () => {
    const keys = await engineKeysOf("mallory");
    const asAlice = await world.write({ keys });
    await refused(asAlice, "WRONG_METADATA_SIGNATURE", WRONG_SIGNATURE);
    const asBob = await world.write({ keys, from: "bob.eth" });
    await refused(asBob, "WRONG_METADATA_SIGNATURE", /profile of "bob.eth"/);
    const asNobody = await world.write({ keys, from: "nobody.eth" });
    await refused(asNobody, "UNKNOWN_SENDER", /nobody.eth has no resolver in ENS/);
    const deliveryInformation = await sealDeliveryInformation(
      nodeEngine,
      envelopes.keys.deliveryService.encryptionKeyPair.publicKey,
      { from: "alice.eth", to: "mallory.eth" },
    );
    const redirected = changed<unknown>(
      fromVectors,
      ["metadata", "deliveryInformation"],
      deliveryInformation,
    );
    await refused(redirected, "NO_ACCOUNT", /no account/);
  });

  it("refuses what is for nobody here, and tells it from what ENS did not say", async () => {
    const toNobody = await world.write({ to: "nobody.eth" });
    await refused(toNobody, "NO_ACCOUNT", /"nobody.eth" has no account at this relay node/);
    const toAlice = await world.write({ to: "alice.eth" });
    await refused(toAlice, "NO_ACCOUNT", /"alice.eth" has no account/);
    world.clock.nowMs += 61_000;
    world.names.answers = false;
    await refused(fromVectors, "UNREACHABLE", /did not answer/);
    world.names.answers = true;
    expect((await world.submit(fromVectors)).number).to.be.above(0);
  });

  it("refuses what is larger than it takes, before it is parsed", async () => {
    const long = "x".repeat(100_001);
    await refused(long, "ENVELOPE_TOO_LARGE", /longer than 100000 bytes/);
    await refused("\u20ac".repeat(33_400), "ENVELOPE_TOO_LARGE", /longer than 100000 bytes/);
    await refused("\u20ac".repeat(33_300), "ENVELOPE_MALFORMED", /must be JSON/);
  });

  it("reads ENS once more before it refuses a signature, and then says to sign again", async () => {
    await world.submit(await world.write({}));
    const alice = await somebody("alice.eth", 0x21);
    world.names.persons.set("alice.eth", { ...personOf(alice), address: ALICE });
    world.clock.nowMs += 5_000;
    // signed by the new key, while the old one is still remembered
    expect((await world.submit(await world.write({ keys: alice.keys }))).number).to.be.above(0);
    const old = await world.write({ text: "by the old key" });
    await refused(old, "WRONG_METADATA_SIGNATURE", /Sign it again/);
    const { asked } = world.names;
    for (let times = 0; times < 20; times++) await refused(old, "WRONG_METADATA_SIGNATURE", /Sign/);
    expect(world.names.asked - asked).to.be.at.most(1);
  });

  it("keeps the same hash with other bytes beside the first: nobody suppresses a message by its hash", async () => {
    const real = await world.write({ text: "the real one" });
    const another = await world.write({ text: "other bytes" });
    // whoever carries alice's metadata for this node submits it first, with bytes of their own
    await world.submit({ ...real, message: another.message });
    expect((await world.submit(real)).number).to.be.above(0);
    expect((await world.submit(real)).number).to.equal(null);
    const mail = await world.mailOfBob();
    expect(mail.map(({ message }) => message)).to.deep.equal([real.message, another.message]);
    const reads = await bobReads(nodeEngine);
    expect(textOf(await decodeMessage(mail[0], reads))).to.equal("the real one");
    await expectRejection(decodeMessage(mail[1], reads), "WRONG_HASH", /./);
  });

  it("does not let a stranger's copy stand for the real one", async () => {
    const mallory = await engineKeysOf("mallory");
    const real = await world.write({});
    const { messageHash = "" } = real.metadata;
    const copy = await world.write({ from: "mallory.eth", keys: mallory });
    const claimed = changed(copy, ["metadata", "messageHash"], messageHash);
    await refused(claimed, "WRONG_METADATA_SIGNATURE", /mallory.eth/);
    expect((await world.submit(real)).number).to.be.above(0);
  });

  it("keeps a message that was acknowledged from coming back", async () => {
    const envelope = await world.write({});
    const { receiver } = await world.submit(envelope);
    const claimedHash = Buffer.from((envelope.metadata.messageHash ?? "").slice(2), "hex") as never;
    const store = world.database.mailboxes();
    expect(await store.acknowledge(receiver, [{ senderName: "alice.eth", claimedHash }])).to.equal(
      1,
    );
    expect((await world.submit(envelope)).number).to.equal(null);
    expect(await world.mailOfBob()).to.deep.equal([]);
  });

  it("encrypts the postmark for the key that ENS has now, not for that of the sign-up", async () => {
    const moved = await somebody("bob.eth", 0x22);
    const { address } = world.names.persons.get("bob.eth")!;
    world.names.persons.set("bob.eth", { ...personOf(moved), address });
    await world.submit(await world.write({}));
    const [served] = await world.mailOfBob();
    const opened = await openPostmark(moved.keys, served!.postmark);
    expect(opened.incomingTimestampMs).to.equal(world.clock.nowMs);
    await expectRejection(
      openPostmark(await engineKeysOf("bob"), served!.postmark),
      "WRONG_POSTMARK",
      /./,
    );
  });

  it("writes to an address under any name, and counts only the keys of the account's own", async () => {
    const { address } = world.names.persons.get("bob.eth")!;
    const old = await somebody("bob.eth", 0x23);
    world.names.persons.set("evil.eth", { address, profile: old.profile, sentence: "Found." });
    world.names.persons.set("alias.eth", { address, profile: null, sentence: "No profile." });
    for (const to of ["evil.eth", "alias.eth"]) await world.submit(await world.write({ to }));
    const mail = await world.mailOfBob();
    expect(mail).to.have.length(2);
    for (const { postmark } of mail) await openPostmark(await engineKeysOf("bob"), postmark);
  });

  it("passes a delivery instruction on", async () => {
    await world.submit(await world.write({ deliveryInstruction: "to the gateway" }));
    const [served] = await world.mailOfBob();
    expect(served!.metadata.deliveryInformation).to.deep.equal({
      ...{ from: "alice.eth", to: "bob.eth" },
      deliveryInstruction: "to the gateway",
    });
  });

  it("refuses by a reason whatever else is sent, and never fails otherwise", async () => {
    const REASONS: readonly ErrorCode[] = [
      ...(["ENVELOPE_MALFORMED", "ENVELOPE_TOO_LARGE", "WRONG_METADATA_SIGNATURE"] as const),
      ...(["NOT_FOR_THIS_KEY", "DELIVERY_INFORMATION_MALFORMED", "INVALID_PROFILE"] as const),
      // with another message it is a copy, and of those eight are kept
      "MAILBOX_FULL",
    ];
    const paths = [["message"], ["metadata"], ["postmark"], ["extra"]].concat(
      Object.keys(fromVectors.metadata).map((key) => ["metadata", key]),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const bent = changed<unknown>(fromVectors, path, value);
        try {
          await world.submit(bent);
        } catch (error) {
          if (!isSignpostError(error, ...REASONS)) throw error;
        }
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.jsonValue()), async (given) => {
        try {
          await world.submit(given);
        } catch (error) {
          if (!isSignpostError(error, ...REASONS)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("names the field of a delivery information that it does not know", async () => {
    const seal = (information: object) =>
      sealDeliveryInformation(
        nodeEngine,
        envelopes.keys.deliveryService.encryptionKeyPair.publicKey,
        information as never,
      );
    const withInformation = async (information: object): Promise<Envelope> =>
      changed(
        fromVectors as Envelope,
        ["metadata", "deliveryInformation"],
        await seal(information),
      );
    const unknown = await withInformation({ to: "bob.eth", from: "alice.eth", foo: 1 });
    await refused(unknown, "DELIVERY_INFORMATION_MALFORMED", /The field foo/);
    const nothing = await withInformation({ to: "bob.eth" });
    await refused(nothing, "DELIVERY_INFORMATION_MALFORMED", /The field from/);
    const noName = await withInformation({ to: "bob.eth", from: "alice@example.com" });
    await refused(noName, "UNKNOWN_SENDER", /is not a name/);
  });
});

const textOf = ({ content }: DecodedMessage) => ("text" in content ? content.text : null);
