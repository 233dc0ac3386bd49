/** A stand-in for AWS KMS: its JSON protocol over HTTP, with a real secp256k1 key, and what AWS may do wrong. */
import { createHash, createHmac, createPrivateKey, createPublicKey, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";

export const REGION = "eu-central-1";
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "hunter2" };

type Answer = Readonly<Record<string, unknown>>;

export interface KmsServer {
  readonly url: string;
  /** The bodies of all calls of Sign so far. */
  readonly signed: Answer[];
  /** How many signatures had a high s. */
  highS(): number;
  /** What answers the next calls of an operation, instead of the right thing. */
  replace(operation: "GetPublicKey" | "Sign", answer: (right: Answer) => Reply | "silence"): void;
  restore(): void;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** @param key 32 bytes; KMS knows it by `keyId` alone */
export async function serveKms(keyId: string, key: Uint8Array): Promise<KmsServer> {
  const signed: Answer[] = [];
  const replaced = new Map<string, (right: Answer) => Reply | "silence">();
  let highS = 0;

  function answer(operation: string, question: Answer): Answer {
    if (operation === "GetPublicKey") {
      return {
        KeyId: keyId,
        KeySpec: "ECC_SECG_P256K1",
        KeyUsage: "SIGN_VERIFY",
        SigningAlgorithms: ["ECDSA_SHA_256"],
        PublicKey: subjectPublicKeyInfo(key).toString("base64"),
      };
    }
    signed.push(question);
    const digest = Buffer.from(String(question["Message"]), "base64");
    // as KMS does: DER, and whichever s comes out
    const der = secp256k1.sign(digest, key, { prehash: false, lowS: false, format: "der" });
    if (secp256k1.Signature.fromBytes(der, "der").hasHighS()) highS++;
    return {
      KeyId: keyId,
      Signature: Buffer.from(der).toString("base64"),
      SigningAlgorithm: "ECDSA_SHA_256",
    };
  }

  const server: LoopbackServer = await serve((request, response) => {
    void readBody(request).then((body) => {
      const operation =
        /^TrentService\.(\w+)$/.exec(String(request.headers["x-amz-target"]))?.[1] ?? "";
      const question = JSON.parse(body) as Answer;
      const right = answerOrFault(request, body, question, () => answer(operation, question));
      const reply = replaced.get(operation)?.(right.body as Answer) ?? right;
      if (reply === "silence") return;
      response
        .writeHead(reply.status, {
          "content-type": "application/x-amz-json-1.1",
          "x-amzn-requestid": randomUUID(),
        })
        .end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
    });
  });

  function answerOrFault(
    request: IncomingMessage,
    body: string,
    question: Answer,
    right: () => Answer,
  ): Reply {
    if (!isSigned(request, body)) return fault("IncompleteSignatureException");
    if (question["KeyId"] !== keyId) return fault("NotFoundException");
    return { status: 200, body: right() };
  }

  return {
    url: server.url,
    signed,
    highS: () => highS,
    replace: (operation, replacement) => replaced.set(operation, replacement),
    restore: () => {
      replaced.clear();
    },
    close: () => server.close(),
  };
}

/** An error as KMS writes it. */
export function fault(type: string, status = 400): Reply {
  return { status, body: { __type: type, message: "hunter2" } };
}

/** In DER, as GetPublicKey returns it. */
export function subjectPublicKeyInfo(key: Uint8Array): Buffer {
  const point = secp256k1.getPublicKey(key, false);
  const part = (from: number, to: number) =>
    Buffer.from(point.subarray(from, to)).toString("base64url");
  const jwk = {
    kty: "EC",
    crv: "secp256k1",
    x: part(1, 33),
    y: part(33, 65),
    d: Buffer.from(key).toString("base64url"),
  };
  const pem = createPrivateKey({ key: jwk, format: "jwk" });
  return createPublicKey(pem).export({ format: "der", type: "spki" });
}

/** AWS Signature Version 4, computed anew from what arrived. */
function isSigned({ headers, method, url }: IncomingMessage, body: string): boolean {
  const parts =
    /Credential=(\w+)\/(\d{8})\/([\w-]+)\/kms\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w+)$/.exec(
      headers.authorization ?? "",
    );
  if (parts === null) return false;
  const [, id, date = "", region = "", names = "", signature] = parts;
  if (id !== CREDENTIALS.AWS_ACCESS_KEY_ID || region !== REGION) return false;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) =>
    createHmac("sha256", key).update(text).digest();
  const lines = names.split(";").map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [method, url, "", lines.join(""), names, sha256(body)].join("\n");
  const scope = `${date}/${region}/kms/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const signingKey = [date, region, "kms", "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${CREDENTIALS.AWS_SECRET_ACCESS_KEY}`,
  );
  return hmac(signingKey, toSign).toString("hex") === signature;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
