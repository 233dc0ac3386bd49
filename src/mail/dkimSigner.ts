/**
 * Signs our mail by DKIM (RFC 6376), relaxed/relaxed, by both keys. Each name of a header field stands twice in h=, so that nobody can add
 * a second From or Subject on the way; no library does that.
 */
import { createHash, sign } from "node:crypto";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { SignpostError } from "../errors.js";
import { type DkimKey, type DkimKeys, dkimRecord } from "./dkimKeys.js";
import { relaxedBodyHash } from "./relaxedBody.js";

export interface DkimSigner {
  /**
   * @param header lines of fields, folded ones with their CRLFs inside, each name once
   * @param body of lines that end with CRLF
   * @returns two fields, to stand before the others
   */
  readonly sign: (header: readonly string[], body: Uint8Array) => Promise<readonly string[]>;
}

const SIGNED_NAMES = [
  ...["from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"],
  ...["mime-version", "content-type", "content-transfer-encoding", "autocrypt", "auto-submitted"],
  "sender",
];
const GOOD_FOR_SEC = 7 * 24 * 3_600;

/**
 * Tries both keys: what is sent unsigned or wrongly signed is refused by the large providers, and nobody would tell us.
 * @throws INVALID_CONFIGURATION where what they sign does not verify
 */
export async function openDkimSigner(
  mailDomain: string,
  keys: DkimKeys,
  nowMs: () => number,
): Promise<DkimSigner> {
  const signer: DkimSigner = {
    sign: async (header, body) => {
      const bodyHash = await relaxedBodyHash(body);
      const atSec = Math.floor(nowMs() / 1000);
      return [keys.rsa, keys.ed25519].map((key) =>
        signature(header, bodyHash, key, mailDomain, atSec),
      );
    },
  };
  await assertVerifies(signer, mailDomain, keys, nowMs());
  return signer;
}

function signature(
  header: readonly string[],
  bodyHash: string,
  { privateKey, selector }: DkimKey,
  mailDomain: string,
  atSec: number,
): string {
  const kind = privateKey.asymmetricKeyType ?? "";
  const unsigned = [
    `DKIM-Signature: v=1; a=${kind}-sha256; c=relaxed/relaxed; d=${mailDomain}; s=${selector};`,
    `t=${atSec}; x=${atSec + GOOD_FOR_SEC};`,
    `h=${SIGNED_NAMES.map((name) => `${name}:${name}`).join(":\r\n\t")};`,
    `bh=${bodyHash};`,
    "b=",
  ].join("\r\n\t");
  const signed = [...SIGNED_NAMES.flatMap((name) => fieldsCalled(name, header)), unsigned];
  // without the CRLF of the last one (section 3.7)
  const data = Buffer.from(signed.map(relaxed).join("\r\n"), "latin1");
  const bytes =
    kind === "ed25519"
      ? sign(null, createHash("sha256").update(data).digest(), privateKey)
      : sign("sha256", data, privateKey);
  return unsigned + bytes.toString("base64").replace(/.{72}(?=.)/g, "$&\r\n\t");
}

function fieldsCalled(name: string, header: readonly string[]): readonly string[] {
  return header.filter((line) => line.toLowerCase().startsWith(`${name}:`)).slice(0, 1);
}

/** RFC 6376, section 3.4.2. */
function relaxed(line: string): string {
  const at = line.indexOf(":");
  const value = line
    .slice(at + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
  return `${line.slice(0, at).toLowerCase().trim()}:${value}`;
}

async function assertVerifies(
  signer: DkimSigner,
  mailDomain: string,
  keys: DkimKeys,
  nowMs: number,
): Promise<void> {
  const header = [`From: <test@${mailDomain}>`, "Subject: test"];
  const body = Buffer.from("A  test \r\n\r\nof the keys.\r\n\r\n");
  const signatures = await signer.sign(header, body);
  const mail = `${[...signatures, ...header].join("\r\n")}\r\n\r\n${body.toString()}`;
  const records = new Map(
    [keys.rsa, keys.ed25519].map((key) => {
      const { name, text } = dkimRecord(key, mailDomain);
      return [name, text];
    }),
  );
  const { results } = await dkimVerify(mail, {
    resolver: (name) => Promise.resolve([[records.get(name) ?? ""]]),
    curTime: new Date(nowMs + 1_000),
  });
  if (results.length === 2 && results.every(({ status }) => status.result === "pass")) return;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    "The DKIM keys do not sign mail that verifies, so no mail could be sent. Give other keys, with a selector for each.",
  );
}
