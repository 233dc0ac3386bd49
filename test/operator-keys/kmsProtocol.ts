/** A stand-in for AWS KMS: its JSON protocol over HTTP, signatures of requests included, and what AWS may do wrong. */
import { createHash, createHmac, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { serve } from "../lookup/loopbackServer.js";

export const REGION = "eu-central-1";
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "hunter2" };

/** The environment in which the SDK finds the server at `url`, and nothing of the developer of this machine. */
export function kmsEnvironment(url: string): Readonly<Record<string, string>> {
  return {
    ...CREDENTIALS,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_ENDPOINT_URL_KMS: url,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

export type Answer = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface KmsProtocol<Operation extends string> {
  readonly url: string;
  /** What answers the next calls of an operation, instead of the right thing. */
  replace(operation: Operation, answer: (right: Answer) => Reply | "silence"): void;
  restore(): void;
  close(): Promise<void>;
}

/** @param answer gets each question that is signed as it should be */
export async function serveKmsProtocol<Operation extends string>(
  answer: (operation: Operation, question: Answer) => Reply,
): Promise<KmsProtocol<Operation>> {
  const replaced = new Map<string, (right: Answer) => Reply | "silence">();

  const server = await serve((request, response) => {
    void readBody(request).then((body) => {
      const target = String(request.headers["x-amz-target"]);
      const operation = (/^TrentService\.(\w+)$/.exec(target)?.[1] ?? "") as Operation;
      const right = isSigned(request, body)
        ? answer(operation, JSON.parse(body) as Answer)
        : fault("IncompleteSignatureException");
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

  return {
    url: server.url,
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
