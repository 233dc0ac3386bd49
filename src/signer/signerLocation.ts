/** Where the key of the gatewaySigner is, as the setting GATEWAY_SIGNER says it in one line. Never a secret. */
import { SignpostError } from "../errors.js";

export type SignerLocation =
  /** An encrypted file, Web3 secret storage version 3. */
  | { readonly kind: "keystore"; readonly file: string }
  /** A server that speaks the protocol of docs/operations/signers.md. */
  | { readonly kind: "remote"; readonly url: URL }
  /** A key of AWS KMS: its ARN, id or alias. */
  | { readonly kind: "aws-kms"; readonly keyId: string };

/** Throws INVALID_CONFIGURATION; its message is the rest of a sentence that begins with the setting's name. */
export function parseSignerLocation(text: string): SignerLocation {
  const [, kind = "", place = ""] = /^([a-z0-9-]+):(.+)$/.exec(text) ?? [];
  if (kind === "keystore") return { kind, file: place };
  if (kind === "aws-kms") return { kind, keyId: awsKeyId(place) };
  if (kind === "https" || kind === "http") return { kind: "remote", url: remoteUrl(text) };
  throw wrong("must begin with keystore:, https: or aws-kms:");
}

/** AWS's own rule for a KeyId. */
function awsKeyId(place: string): string {
  if (/^[a-zA-Z0-9:/_-]{1,2048}$/.test(place)) return place;
  throw wrong("must name a KMS key by its ARN, its id, or alias/<name>");
}

function remoteUrl(text: string): URL {
  if (!URL.canParse(text)) throw wrong("is not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw wrong("must not hold a password: put a token into GATEWAY_SIGNER_TOKEN_FILE");
  }
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    throw wrong("must be an https: URL (http: is for this machine only)");
  }
  return url;
}

/** @param hostname as the URL class writes it: lower case, IPv4 in four decimal parts, IPv6 in brackets */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function wrong(what: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", what);
}
