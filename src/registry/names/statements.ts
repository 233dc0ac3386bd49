/**
 * Records that DM3 keys signed: a relay node's proof, what a messaging gateway or bridge says of itself, certificates. Each holds
 * for one owner of the name, or for one signing key of its profile, and goes with them.
 */
import { parseRecord } from "../../dm3/profile/parseRecord.js";
import { DM3_DELIVERY_SERVICE_KEY, DM3_PROFILE_KEY } from "../../dm3/profile/profileRecord.js";
import {
  CERTIFICATE_SCHEMES,
  certificateKey,
  type CertificateScheme,
} from "../../dm3/statement/certificate.js";
import { NETWORK_KEY } from "../../dm3/statement/networkRecord.js";
import { NODE_PROOF_KEY } from "../../dm3/statement/nodeProof.js";
import { checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { Action, Statement } from "./action.js";
import { ownerOf } from "./nameOwner.js";
import type { StoredName } from "./storedName.js";

/** Throws WRONG_SIGNER for a proof that is for another owner of the name. */
export function withRelayNode(
  name: StoredName,
  { record, proof }: Action & { kind: "registerRelayNode" },
): StoredName {
  const registered = withText(name, DM3_DELIVERY_SERVICE_KEY, record);
  if (proof === null) return withoutTexts(registered, [NODE_PROOF_KEY]);
  return withStatement(registered, NODE_PROOF_KEY, proof);
}

/** Throws NOT_FOUND. */
export function withoutRelayNode(name: StoredName): StoredName {
  if (!name.texts.has(DM3_DELIVERY_SERVICE_KEY)) {
    throw nothingThere(name, "is not registered as a relay node");
  }
  return withoutTexts(name, [DM3_DELIVERY_SERVICE_KEY, NODE_PROOF_KEY]);
}

/** Throws WRONG_SIGNER for what is for another owner of the name. */
export function withNetwork(name: StoredName, statement: Statement): StoredName {
  return withStatement(name, NETWORK_KEY, statement);
}

/** Throws NOT_FOUND. */
export function withoutNetwork(name: StoredName): StoredName {
  if (!name.texts.has(NETWORK_KEY)) {
    throw nothingThere(name, "is not registered as a messaging gateway or a bridge");
  }
  return withoutTexts(name, [NETWORK_KEY]);
}

/** Throws WRONG_SIGNER unless the profile of the name has the key that signed it. */
export function withCertificate(
  name: StoredName,
  { scheme, record, publicSigningKey }: Action & { kind: "publishCertificate" },
): StoredName {
  if (signingKeyOf(name) !== publicSigningKey) {
    throw new SignpostError(
      "WRONG_SIGNER",
      `The certificate is not signed by the signing key of the profile of ${name.name}. Publish the profile first, and sign the certificate with its key.`,
      { name: name.name },
    );
  }
  return withText(name, certificateKey(scheme), record);
}

/** Throws NOT_FOUND. */
export function withoutCertificate(name: StoredName, scheme: CertificateScheme): StoredName {
  const key = certificateKey(scheme);
  if (!name.texts.has(key)) throw nothingThere(name, `has no ${scheme} certificate`);
  return withoutTexts(name, [key]);
}

/** After its owner or its profile changed: without what was signed for the former one. */
export function withoutFormerStatements(before: StoredName, after: StoredName): StoredName {
  const former: string[] = [];
  if (ownerText(before) !== ownerText(after)) former.push(NODE_PROOF_KEY, NETWORK_KEY);
  const certificates = CERTIFICATE_SCHEMES.map(certificateKey);
  const hasCertificate = certificates.some((key) => after.texts.has(key));
  if (hasCertificate && signingKeyOf(before) !== signingKeyOf(after)) former.push(...certificates);
  return withoutTexts(after, former);
}

function withStatement(name: StoredName, key: string, { record, owner }: Statement): StoredName {
  const actual = ownerText(name);
  if (owner === actual) return withText(name, key, record);
  throw new SignpostError(
    "WRONG_SIGNER",
    `The statement was signed for ${name.name} as owned by ${owner ?? "its service"}, but it is owned by ${actual ?? "its service"}. Sign it for that owner.`,
    { name: name.name, expected: actual ?? "", recovered: owner ?? "" },
  );
}

function ownerText(name: StoredName): string | null {
  const owner = ownerOf(name);
  return owner && checksumAddress(owner);
}

/** Of the profile, in base64; null without one. */
function signingKeyOf({ texts }: StoredName): string | null {
  const text = texts.get(DM3_PROFILE_KEY);
  if (text === undefined) return null;
  const record = parseRecord(text);
  if (record.kind !== "data") return null;
  const { profile } = record.json as { readonly profile: { readonly publicSigningKey: string } };
  return profile.publicSigningKey;
}

function withText(name: StoredName, key: string, text: string): StoredName {
  return { ...name, texts: new Map(name.texts).set(key, text) };
}

function withoutTexts(name: StoredName, keys: readonly string[]): StoredName {
  if (!keys.some((key) => name.texts.has(key))) return name;
  return { ...name, texts: new Map([...name.texts].filter(([key]) => !keys.includes(key))) };
}

function nothingThere({ name }: StoredName, what: string): SignpostError {
  return new SignpostError("NOT_FOUND", `The name ${name} ${what}.`, { name });
}
