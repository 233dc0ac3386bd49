/** A stand-in for AWS KMS with real symmetric keys. */
import { createHash } from "node:crypto";
import { decrypt, encrypt, takeKey } from "../../src/sealing/aesGcm.js";
import {
  type Answer,
  fault,
  type KmsProtocol,
  type Reply,
  serveKmsProtocol,
} from "../operator-keys/kmsProtocol.js";

type Operation = "DescribeKey" | "Encrypt" | "Decrypt";

export interface KmsServer extends KmsProtocol<Operation> {
  /** The names of the operations that were asked for. */
  readonly asked: Operation[];
  /** Lets an alias lead to one of the keys. */
  alias(name: string, arn: string): void;
}

/** The first bytes of a blob tell KMS by which key it is. */
const NAME_BYTES = 8;

export async function serveKms(arns: readonly string[]): Promise<KmsServer> {
  const asked: Operation[] = [];
  const aliases = new Map<string, string>();
  const keys = new Map(arns.map((arn) => [arn, takeKey(digest(`key ${arn}`))]));
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const bytesOf = (text: unknown) => new Uint8Array(Buffer.from(String(text), "base64"));
  const contextOf = (question: Answer) =>
    new TextEncoder().encode(JSON.stringify(question["EncryptionContext"] ?? {}));

  function answer(operation: Operation, question: Answer): Reply {
    asked.push(operation);
    const id = String(question["KeyId"]);
    const arn = aliases.get(id) ?? arns.find((each) => each === id || each.endsWith(`/${id}`));
    const key = keys.get(arn ?? "");
    if (arn === undefined || key === undefined) return fault("NotFoundException");
    if (operation === "DescribeKey") {
      const [KeySpec, KeyUsage] = ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"];
      return right({ KeyMetadata: { Arn: arn, KeyId: arn, Enabled: true, KeySpec, KeyUsage } });
    }
    const name = digest(arn).subarray(0, NAME_BYTES);
    if (operation === "Encrypt") {
      const encrypted = encrypt(key, bytesOf(question["Plaintext"]), contextOf(question));
      return right({ KeyId: arn, CiphertextBlob: base64(Buffer.concat([name, encrypted])) });
    }
    const blob = bytesOf(question["CiphertextBlob"]);
    if (!Buffer.from(name).equals(blob.subarray(0, NAME_BYTES))) {
      return fault("IncorrectKeyException");
    }
    const plaintext = decrypt(key, blob.subarray(NAME_BYTES), contextOf(question));
    if (plaintext === null) return fault("InvalidCiphertextException");
    return right({ KeyId: arn, Plaintext: base64(plaintext) });
  }

  const protocol = await serveKmsProtocol(answer);
  return { ...protocol, asked, alias: (name, arn) => aliases.set(name, arn) };
}

function right(body: Answer): Reply {
  return { status: 200, body };
}

function digest(text: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}
