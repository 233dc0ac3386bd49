/**
 * Every exchange that was recorded from dm3's delivery service, sent to the relay node in the same order. What comes back is
 * what the reference said, but for what docs/relay-api.md lists, and there exactly what it says.
 */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { decodeBase64 } from "../../../src/dm3/base64.js";
import { signText } from "../../../src/dm3/keys/ed25519.js";
import { sealDeliveryInformation } from "../../../src/dm3/message/deliveryInformation.js";
import { signedMetadata, withHashField } from "../../../src/dm3/message/metadataSignature.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { changed, keysOf, relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import envelopes from "../../vectors/envelopes.json" with { type: "json" };
import recording from "../../vectors/http-delivery-service.json" with { type: "json" };
import { openRelayService, type RawAnswer, type RelayService } from "./openRelayService.js";

const PAGE = new URL("../../../docs/relay-api.md", import.meta.url);
const { encryptedEnvelop } = envelopes.simple;

interface Difference {
  readonly exchange: string;
  readonly reference: string;
  readonly ours: string;
  readonly why: string;
}

interface Tokens {
  signUp: string;
  challenge: string;
  login: string;
}

describe("http: the relay node, beside the recording of the reference", () => {
  let node: RelayService;
  let listed: readonly Difference[];
  const answers = new Map<string, RawAnswer>();

  before(async () => {
    listed = differencesIn(await readFile(PAGE, "utf8"));
    node = await openRelayService();
    const tokens: Tokens = { signUp: "", challenge: "", login: "" };
    for (const { name, method, path, requestBody } of recording.exchanges) {
      const body = await bodyOf(name, requestBody, tokens);
      const answer = await node.ask(method, path, body, tokenOf(name, tokens));
      answers.set(name, answer);
      if (name === "sign-up bob") tokens.signUp = JSON.parse(answer.body) as string;
      if (name === "auth challenge") tokens.challenge = JSON.parse(answer.body) as string;
      if (name === "auth: ok") tokens.login = JSON.parse(answer.body) as string;
    }
  });
  after(() => node.stop());

  for (const { name, status, contentType, body } of recording.exchanges) {
    it(name, () => {
      const answer = answers.get(name)!;
      const reference = { status, contentType, body };
      const difference = listed.find(({ exchange }) => exchange === name);
      if (!difference) {
        expect(shown(answer)).to.equal(shown(reference));
        expect(answer.contentType).to.equal(contentType);
        if (!isBounded(body)) expect(withoutTokens(answer.body)).to.equal(withoutTokens(body));
        return;
      }
      expect(shown(answer)).not.to.equal(shown(reference));
      expect(difference.reference).to.equal(shown(reference));
      expect(difference.ours).to.equal(shown(answer));
      expect(difference.why).to.match(/^[A-Z].{20,}$/);
    });
  }

  it("differs in nothing that was not recorded, and the operator is told of nothing", () => {
    const recorded = recording.exchanges.map(({ name }) => name);
    expect(recorded).to.include.members(listed.map(({ exchange }) => exchange));
    expect(listed).to.have.length.above(5);
    expect(node.failures).to.deep.equal([]);
  });

  it("hands over what was accepted, and no more of it once it was acknowledged", () => {
    const fetched = JSON.parse(answers.get("incoming: messages")!.body) as unknown[];
    expect(fetched).to.have.length(4);
    expect(JSON.parse(answers.get("incoming: after ack")!.body)).to.have.length(1);
  });
});

/** The recording cut long bodies off, and named what they were. */
async function bodyOf(name: string, recorded: unknown, { challenge }: Tokens): Promise<unknown> {
  const { signingKeyPair } = people.bob.keys;
  const submit = (envelope: unknown, id?: number) => ({
    ...{ jsonrpc: "2.0", method: "dm3_submitMessage" },
    ...(id !== undefined && { id }),
    params: [typeof envelope === "string" ? envelope : JSON.stringify(envelope)],
  });
  switch (name) {
    case "auth: extra body field":
      return { signature: "x", challenge, foo: 1 };
    case "auth: bad signature":
    case "auth: signature wrong length":
      return { ...(recorded as object), challenge };
    case "auth: ok": {
      const signature = signText(decodeBase64(signingKeyPair.privateKey), challenge);
      return { challenge, signature };
    }
    case "rpc: submit, params[0] = envelope object (spec form)":
      return {
        ...submit({}),
        id: 1,
        params: [await signedWith({ to: "bob.eth", from: "alice.eth" }, 2)],
      };
    case "rpc: submit, schema (npm 1.7.1 envelope with encryptedMessageHash)": {
      const { signingKey } = await keysOf(nodeEngine, "alice");
      const { messageHash } = encryptedEnvelop.metadata;
      return submit(
        await withHashField(
          signingKey,
          encryptedEnvelop,
          messageHash as never,
          "encryptedMessageHash",
        ),
        1,
      );
    }
    case "rpc: submit, ok":
      return submit(encryptedEnvelop, 7);
    case "rpc: submit, envelope for another delivery service":
      return submit(envelopes.sameMessageForFallbackService);
    case "rpc: submit, invalid metadata.signature (not verified by the reference)":
      return submit(
        changed<unknown>(encryptedEnvelop, ["metadata", "signature"], `${"A".repeat(86)}==`),
      );
    case "rpc: submit, receiver not registered here":
      return submit(await signedWith({ to: "mallory.eth", from: "alice.eth" }));
    case "rpc: submit, deliveryInformation with deliveryInstruction":
      return submit(
        await signedWith({ to: "bob.eth", from: "alice.eth", deliveryInstruction: "x" }),
      );
    case "rpc: submit, deliveryInformation with unknown field":
      return submit(await signedWith({ to: "bob.eth", from: "alice.eth", foo: 1 }));
    case "rpc: submit, deliveryInformation plain object instead of ciphertext":
      return submit(
        changed<unknown>(encryptedEnvelop, ["metadata", "deliveryInformation"], {
          ...{ to: "bob.eth", from: "alice.eth" },
        }),
      );
    case "rpc: submit, too large (>100000 bytes)":
      return submit(changed<unknown>(encryptedEnvelop, ["message"], "x".repeat(100_000)));
    default:
      return recorded;
  }
}

/** @param seed another ciphertext for each */
async function signedWith(information: object, seed = 1) {
  const { signingKey } = await keysOf(nodeEngine, "alice");
  const key = relayNode.profile.publicEncryptionKey;
  const message = encryptedEnvelop.message + " ".repeat(seed);
  const metadata = await signedMetadata(
    signingKey,
    {
      message,
      messageHash: encryptedEnvelop.metadata.messageHash as never,
      deliveryInformation: await sealDeliveryInformation(nodeEngine, key, information as never),
    },
    "messageHash",
  );
  return { message, metadata };
}

function tokenOf(name: string, { signUp, login }: Tokens): string | null {
  if (name.includes("no token") || login === "") return null;
  if (name.includes("sign-up token")) return signUp;
  return login;
}

const isBounded = (body: string) => body.endsWith("chars)");

/** Tokens and challenges differ each time. */
const withoutTokens = (body: string) => body.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<token>");

/** The rows of the page's table of exchanges. */
function differencesIn(page: string): Difference[] {
  const [, behind = ""] = page.split("<!-- compared with the recording -->");
  const [table = ""] = behind.split("\n## ");
  const rows = table.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => {
    const [, exchange = "", reference = "", ours = "", why = ""] = row
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    return { exchange: exchange.replaceAll("`", ""), reference, ours, why };
  });
}

/** An answer as the page writes it: without tokens and ids, and long ones by their beginnings. */
function shown({ status, body }: Pick<RawAnswer, "status" | "body">): string {
  if (body === "") return String(status);
  const line = withoutTokens(body)
    .replace(/\s+/g, " ")
    .replace(/"requestId":"[^"]+"/, '"requestId":"…"')
    .trim();
  return `${status} \`${line.length > 160 ? `${line.slice(0, 90).trim()} …` : line}\``;
}
