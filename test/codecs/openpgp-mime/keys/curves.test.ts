/** Keys on curves for which openpgp needs a further package under Node; and failures of that library, which say nothing about a key. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import * as openpgp from "openpgp";
import {
  addressesOf,
  assertTakesMail,
  readCertificate,
} from "../../../../src/codecs/openpgp-mime/keys/certificate.js";
import { isVerdict, verdictText } from "../../../../src/codecs/openpgp-mime/keys/libraryFailure.js";
import { lookUpByWkd } from "../../../../src/codecs/openpgp-mime/keys/wkd.js";
import { signerOf } from "../../../../src/codecs/openpgp-mime/signer.js";
import { expectRejection } from "../../../expectError.js";
import { forgedMail } from "../forgedMail.js";
import { MailUser, newText } from "../mailUser.js";
import type { Material } from "./withoutCurvesProgram.js";

const ADDRESS = "alice@mail.test";
const USES = [
  ...["lookUpByWkd", "take", "encodeMail for it", "encodeMail by it"],
  ...["decodeMail by it", "decodeMail of its owner", "rotateMailKey"],
];
const BODY = "Content-Type: text/plain\r\n\r\nhello";

describe("keys on Brainpool's curves", () => {
  let bob: MailUser;
  before(async () => {
    bob = await MailUser.make("bob@mail.test");
  });

  async function userOn(
    curve: "brainpoolP256r1" | "brainpoolP384r1" | "brainpoolP512r1" | "nistP256",
  ) {
    const { publicKey, privateKey } = await openpgp.generateKey({
      ...{ type: "ecc", curve, userIDs: { email: ADDRESS }, format: "binary" },
      date: new Date(Date.now() - 60_000),
    });
    const user = await MailUser.make(ADDRESS);
    user.key = { ...user.key, privateKey, certificate: publicKey };
    return user;
  }

  for (const curve of ["brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"] as const) {
    it(`are found, written to and read as all others: ${curve}`, async () => {
      const alice = await userOn(curve);
      const fetcher = () =>
        Promise.resolve({ status: 200, contentType: null, body: alice.certificate });
      expect(await lookUpByWkd(ADDRESS, { fetcher })).to.deep.equal(alice.certificate);
      bob.contacts.set(ADDRESS, alice.certificate);
      alice.contacts.set(bob.address, bob.certificate);
      const { entity } = await alice.write(bob, newText("hello"));
      expect((await bob.read(entity)).content).to.deep.equal(newText("hello"));
      const answer = await bob.write(alice, newText("hello, too"));
      expect((await alice.read(answer.entity)).content).to.deep.equal(newText("hello, too"));
    });
  }

  async function outcomesFor(alice: MailUser): Promise<Readonly<Record<string, string>>> {
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    const sealed = { inside: BODY, to: alice, signedBy: bob, outerFrom: bob.address };
    const signed = { inside: BODY, to: bob, signedBy: alice, outerFrom: ADDRESS };
    const material: Material = {
      address: ADDRESS,
      certificate: base64(alice.certificate),
      privateKey: base64(alice.key.privateKey),
      otherCertificate: base64(bob.certificate),
      otherPrivateKey: base64(bob.key.privateKey),
      signedMail: base64(await forgedMail(signed)),
      sealedMail: base64(await forgedMail(sealed)),
    };
    const program = fileURLToPath(new URL("withoutCurvesProgram.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", program], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(JSON.stringify(material));
    return JSON.parse(await text(child.stdout)) as Readonly<Record<string, string>>;
  }

  it("are refused everywhere by the name of what is missing, where the package is not installed", async () => {
    const outcomes = await outcomesFor(await userOn("brainpoolP256r1"));
    expect(Object.keys(outcomes)).to.deep.equal(USES);
    for (const outcome of Object.values(outcomes)) {
      expect(outcome).to.match(/^INVALID_CONFIGURATION: .*npm install eckey-utils\.$/);
    }
  });

  it("alone need it", async () => {
    const outcomes = await outcomesFor(await userOn("nistP256"));
    expect(outcomes["decodeMail by it"]).to.match(/^CHANGED_CERTIFICATE/); // Bob's signature, where Alice's is known
    const others = USES.filter((use) => use !== "decodeMail by it");
    for (const use of others) expect(outcomes[use], use).to.equal("done");
  });
});

describe("a failure of the OpenPGP library", () => {
  const failed = new Error("Error in it", {
    cause: new TypeError("no function\n- /home/somebody/x.js"),
  });
  const failure = () => Promise.reject(failed);

  it("is told from a verdict by all that caused it", () => {
    const within = (cause: unknown) => new Error("a", { cause: new Error("b", { cause }) });
    const named = (name: string, code?: unknown) =>
      Object.assign(new Error("c"), { name, ...(code !== undefined && { code }) });
    for (const name of ["Error", "UnsupportedError", "GrammarError", "OperationError"]) {
      expect(isVerdict(within(named(name)))).to.equal(true);
    }
    // DOMExceptions have a number
    expect(isVerdict(within(named("DataError", 0)))).to.equal(true);
    for (const one of [
      named("Error", "ENOMEM"),
      new TypeError(),
      new RangeError(),
      named("NotSupportedError"),
    ]) {
      expect(isVerdict(within(one))).to.equal(false);
    }
    expect(verdictText(new Error("It is expired.\nRequire stack:\n- /x"))).to.equal(
      "It is expired.",
    );
  });

  it("is no verdict about a signature, nor about the shape of what was signed", async () => {
    const alice = await MailUser.make(ADDRESS);
    const senders = {
      ofAddress: () => Promise.resolve([alice.certificate]),
      isKnown: () => Promise.resolve(true),
    };
    const key = await readCertificate(alice.certificate);
    const signature = { keyID: key.getKeyID(), signature: Promise.resolve({ packets: [] }) };
    for (const verify of [
      failure,
      () => Promise.resolve([{ ...signature, verified: failure() }]),
    ]) {
      const message = { verify } as unknown as Parameters<typeof signerOf>[0]["message"];
      const refused = signerOf({ message, from: ADDRESS, offered: null }, senders);
      await expectRejection(
        refused,
        "MAIL_MALFORMED",
        /signature could not be checked.*library failed/,
      );
    }
  });

  it("is no verdict about a user id, and shows nothing of its inside", async () => {
    const alice = await MailUser.make(ADDRESS);
    const key = await readCertificate(alice.certificate);
    expect(await addressesOf(key)).to.deep.equal([ADDRESS]);
    key.users[0]!.verify = failure;
    const error = await expectRejection(addressesOf(key), "UNUSABLE_CERTIFICATE", /library failed/);
    expect(error.message).to.not.match(/home|no function/);
  });

  it("is no verdict about what a certificate is for", async () => {
    const alice = await MailUser.make(ADDRESS);
    const key = await readCertificate(alice.certificate);
    key.getEncryptionKey = failure;
    const error = await expectRejection(
      assertTakesMail(key),
      "UNUSABLE_CERTIFICATE",
      /library failed/,
    );
    expect(error.message).to.not.match(/home|no function/);
  });

  it("is not what it says of a certificate that is revoked or expired, in its words", async () => {
    const { publicKey } = await openpgp.generateKey({
      ...{ type: "ecc", curve: "ed25519Legacy", userIDs: { email: ADDRESS }, format: "binary" },
      ...{ date: new Date(Date.now() - 7_200_000), keyExpirationTime: 60 },
    });
    const key = await readCertificate(publicKey);
    await expectRejection(assertTakesMail(key), "UNUSABLE_CERTIFICATE", /is expired\)/);
  });
});
