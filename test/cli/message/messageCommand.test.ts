import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { readKey } from "openpgp";
import { messageCommand } from "../../../src/cli/message/messageCommand.js";
import type { DecodedMessage, EncodedMessage } from "../../../src/sdk/messagesNode.js";
import { makeMailKey } from "../../../src/sdk/openpgpMimeNode.js";
import { changed } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../../expectError.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { answer } from "../../lookup/loopbackServer.js";
import { ALICE, createScene, DOMAIN, RELAY, relayProfile, type Scene } from "../../lookup/scene.js";

describe("signpost message", () => {
  let scene: Scene;
  let chain: ChainServer;
  let folder: string;
  let keys: string;

  before(async () => {
    scene = await createScene();
    chain = await serveChain();
    folder = await mkdtemp(join(tmpdir(), "signpost-message-"));
    keys = await file("keys.json", people.alice.keys);
  });
  beforeEach(() => scene.reset());
  after(async () => {
    await scene.close();
    await chain.close();
    await rm(folder, { recursive: true });
  });

  async function file(name: string, json: unknown): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, typeof json === "string" ? json : JSON.stringify(json));
    return path;
  }

  async function run(...args: string[]): Promise<string> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
      writeErr: () => undefined,
    });
    messageCommand(program);
    const lookup = ["--rpc", chain.url, "--registry", scene.ens.ensRegistry, "--allow-loopback"];
    await program.parseAsync(["message", ...args, ...lookup], { from: "user" });
    return text;
  }

  const encode = (...args: string[]) =>
    run("encode", ALICE, "--from", ALICE, "--keys", keys, ...args);
  const encoded = async (...args: string[]) =>
    JSON.parse(await encode(...args, "--json")) as EncodedMessage;
  const decode = (path: string, ...args: string[]) =>
    run("decode", path, "--to", ALICE, "--keys", keys, ...args);

  it("writes a message that it reads again", async () => {
    const { envelopes, messageHash } = await encoded("--text", "to myself");
    expect(envelopes.map(({ relayNode, url }) => [relayNode, url])).to.deep.equal([
      [RELAY, relayProfile.url],
    ]);
    const path = await file("envelope.json", envelopes[0]!.envelope);
    const decoded = JSON.parse(await decode(path, "--json")) as DecodedMessage;
    expect(decoded).to.deep.include({ from: ALICE, to: ALICE, messageHash });
    expect(decoded.content).to.deep.equal({ type: "NEW", text: "to myself" });
  });

  it("writes an encrypted mail into a message, and opens it", async () => {
    const [carol, bob] = await Promise.all([
      makeMailKey({ address: "carol.eth@mail.test" }),
      makeMailKey({ address: "bob@mail.test" }),
    ]);
    const [key, certificate, bobsKey] = [
      join(folder, "carol"),
      join(folder, "bob"),
      join(folder, "bobs"),
    ];
    await writeFile(key, carol.privateKey);
    await writeFile(certificate, (await readKey({ binaryKey: bob.certificate })).armor());
    await writeFile(bobsKey, bob.privateKey);
    const mail = ["--mail-to", "bob@mail.test", "--mail-from", "carol.eth@mail.test"];
    const { envelopes } = await encoded(
      ...["--text", "\u001b[31mred", ...mail, "--mail-key", key, "--mail-certificate", certificate],
    );
    const path = await file("mail.json", envelopes[0]!.envelope);
    const opening = ["--mail-key", bobsKey, "--mail-address", "Bob@mail.test"];
    const told = await decode(path, ...opening);
    expect(told).to.include('"\\u001b[31mred"').and.not.to.include("\u001b");
    expect(told).to.include(`signed by    ${carol.fingerprint} (new)`);
    const asJson = JSON.parse(await decode(path, ...opening, "--json")) as {
      readonly mail: { readonly content: unknown; readonly signer: unknown };
    };
    expect(asJson.mail.content).to.deep.equal({ type: "NEW", text: "\u001b[31mred", files: [] });
    await expectRejection(
      decode(path, "--mail-key", key, "--mail-address", "carol.eth@mail.test"),
      ...(["MAIL_NOT_FOR_THIS_KEY", /another one/] as const),
    );
    const sender = ["--mail-sender", "carol.eth@mail.test", "--mail-certificate", certificate];
    await expectRejection(
      decode(path, ...opening, ...sender),
      "CHANGED_CERTIFICATE",
      /another key/,
    );
    await expectRejection(encode("--text", "a", ...mail), "INVALID_REQUEST", /needs --mail-from/);
    expect(await decode(path)).to.include("Open it with an app that reads OpenPGP");
  });

  it("tells both to a person, without what a terminal could act on", async () => {
    const text = await encode("--text", "\u001b[31mred");
    expect(text)
      .to.match(/^messageHash {2}0x/)
      .and.to.include(`${RELAY}  ${relayProfile.url}`);
    const path = await file("red.json", text.trim().split("\n").at(-1)!);
    const told = await decode(path);
    expect(told).to.include('"\\u001b[31mred"').and.not.to.include("\u001b");
    expect(told).to.include("ok messageSignature  The sender's profile key signed the message.");
  });

  it("writes every type that there is, with what it needs", async () => {
    const reference = `0x${"ab".repeat(32)}`;
    for (const [type, ...args] of [
      ["REPLY", "--text", "a"],
      ["EDIT", "--text", "a"],
      ["REACTION", "--text", "a"],
      ["DELETE_REQUEST"],
      ["READ_RECEIVED"],
      ["READ_OPENED"],
    ] as const) {
      const { message } = await encoded("--type", type, "--reference", reference, ...args);
      expect(message.metadata).to.include({ type, referenceMessageHash: reference });
    }
  });

  for (const [args, sentence] of [
    [[], /NEW needs --text/],
    [["--text", "a", "--reference", "0x12"], /leave --reference out/],
    [["--type", "EDIT", "--text", "a"], /EDIT needs --reference/],
    [["--type", "READ_OPENED", "--text", "a"], /leave --text out/],
  ] as const) {
    it(`refuses flags that do not go together: ${args.join(" ")}`, async () => {
      await expectRejection(encode(...args), "INVALID_REQUEST", sentence);
    });
  }

  it("uses npm's name of the hash when it is told", async () => {
    const { envelopes } = await encoded("--text", "a", "--hash-field", "encryptedMessageHash");
    expect(envelopes[0]!.envelope.metadata).to.have.property("encryptedMessageHash");
  });

  it("tells which relay node has no profile", async () => {
    scene.names.delete(RELAY);
    const { envelopes, unresolved } = await encoded("--text", "a");
    expect(envelopes).to.deep.equal([]);
    expect(unresolved.map(({ relayNode }) => relayNode)).to.deep.equal([RELAY]);
  });

  it("tells a receiver that there is not from one that could not be found out", async () => {
    const to = (name: string) =>
      run("encode", name, "--from", ALICE, "--keys", keys, "--text", "a");
    await expectRejection(to(`nobody.${DOMAIN}`), "NOT_FOUND", /no DM3 profile/);
    scene.gateway.handler = answer("", { status: 500 });
    await expectRejection(to(ALICE), "UNREACHABLE", /./);
  });

  it("says which check an envelope failed", async () => {
    const { envelopes } = await encoded("--text", "a");
    const [{ envelope }] = envelopes as [(typeof envelopes)[0]];
    const path = await file("wrong.json", changed(envelope, ["metadata", "version"], "v2"));
    await expectRejection(decode(path), "WRONG_METADATA_SIGNATURE", /not signed/);
    const other = await file("bob.json", people.bob.keys);
    const right = await file("right.json", envelope);
    await expectRejection(
      run("decode", right, "--to", ALICE, "--keys", other),
      "NOT_FOR_THIS_KEY",
      /another key/,
    );
    await expectRejection(
      run("decode", right, "--to", "bob.eth", "--keys", keys),
      "RECEIVER_MISMATCH",
      /not to you/,
    );
    await expectRejection(decode(await file("bytes.json", "{")), "ENVELOPE_MALFORMED", /JSON/);
  });

  it("shows nothing of a key file that it cannot use", async () => {
    const { encryptionKeyPair } = people.alice.keys;
    for (const wrong of ["{", "secret", "null", { encryptionKeyPair }, { encryptionKeyPair: 7 }]) {
      const path = await file("wrong-keys.json", wrong);
      const running = run("encode", ALICE, "--from", ALICE, "--keys", path, "--text", "a");
      const error = await expectRejection(running, "INVALID_REQUEST", /There are no keys in/);
      expect(error.cause).to.equal(undefined);
    }
    const missing = run("encode", ALICE, "--from", ALICE, "--keys", "/nowhere", "--text", "a");
    await expectRejection(missing, "INVALID_REQUEST", /cannot be read/);
  });
});
