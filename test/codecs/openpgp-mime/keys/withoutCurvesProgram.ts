/**
 * Uses certificates where the package that openpgp needs for some of them is not installed. Input: JSON on standard input. Output: what
 * came of each use, as JSON.
 */
import Module from "node:module";
import { text } from "node:stream/consumers";
import { decodeMail } from "../../../../src/codecs/openpgp-mime/decodeMail.js";
import { encodeMail } from "../../../../src/codecs/openpgp-mime/encodeMail.js";
import { openKeyBook } from "../../../../src/codecs/openpgp-mime/keys/keyBook.js";
import { rotateMailKey } from "../../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { lookUpByWkd } from "../../../../src/codecs/openpgp-mime/keys/wkd.js";
import { SignpostError } from "../../../../src/errors.js";

type Resolve = (request: string, ...rest: readonly unknown[]) => string;
const loader = Module as unknown as { _resolveFilename: Resolve };
const resolve = loader._resolveFilename;
loader._resolveFilename = (request, ...rest) =>
  resolve(request === "eckey-utils" ? "no-such-package" : request, ...rest);

/** All in base64. */
export interface Material {
  readonly address: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly otherCertificate: string;
  readonly otherPrivateKey: string;
  /** To the other one, signed by the key. */
  readonly signedMail: string;
  /** For the key. */
  readonly sealedMail: string;
}

const material = JSON.parse(await text(process.stdin)) as Material;
const bytes = (name: keyof Material) => Buffer.from(material[name], "base64");
const [certificate, privateKey] = [bytes("certificate"), bytes("privateKey")];
const mail = {
  ...{
    from: material.address,
    to: ["other@mail.test"],
    dateMs: 1,
    messageId: "<a@mail.test>" as const,
  },
  content: { type: "NEW", text: "hello", files: [] } as const,
};
const reader = (key: Uint8Array) => ({
  ...{ privateKeys: [key], ownAddresses: [] },
  senders: {
    ofAddress: () => Promise.resolve([certificate]),
    isKnown: () => Promise.resolve(false),
  },
});
const nothing = { get: () => Promise.resolve(null), set: () => Promise.resolve() };

const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  lookUpByWkd: () =>
    lookUpByWkd(material.address, {
      fetcher: () => Promise.resolve({ status: 200, contentType: null, body: certificate }),
    }),
  take: () =>
    openKeyBook(nothing).take({ address: material.address, certificate, source: "vcard" }),
  "encodeMail for it": () =>
    encodeMail(mail, { privateKey: bytes("otherPrivateKey"), certificates: [certificate] }),
  "encodeMail by it": () =>
    encodeMail(mail, { privateKey, certificates: [bytes("otherCertificate")] }),
  "decodeMail by it": () => decodeMail(bytes("sealedMail"), reader(privateKey)),
  "decodeMail of its owner": () =>
    decodeMail(bytes("signedMail"), reader(bytes("otherPrivateKey"))),
  rotateMailKey: () => rotateMailKey(privateKey),
};
const outcomes: Record<string, string> = {};
for (const [name, use] of Object.entries(uses)) {
  outcomes[name] = await use().then(
    (value) => (value === null ? "absent" : "done"),
    (error: unknown) =>
      error instanceof SignpostError ? `${error.code}: ${error.message}` : String(error),
  );
}
console.log(JSON.stringify(outcomes));
