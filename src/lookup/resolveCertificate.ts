/** A user's certificate for another network's own encryption, as the key of the user's profile signed it. */
import {
  assertCertificateOf,
  CERTIFICATE_SCHEMES,
  certificateKey,
  type CertificateRecord,
  type CertificateScheme,
  parseCertificate,
} from "../dm3/statement/certificate.js";
import { parseStatementText } from "../dm3/statement/statementText.js";
import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import { SignpostError } from "../errors.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { failedCheck } from "./checks.js";
import { differenceText } from "./namedBy.js";
import type { CertificateOutcome } from "./networkOutcome.js";
import { outcomeOfError } from "./outcome.js";
import { readStatement, type StatementRead } from "./readStatement.js";
import { type ResolveOptions, type ResolveSettings, resolveSettings } from "./resolveOptions.js";
import { profileOutcome } from "./resolveProfile.js";

/**
 * Finds the certificate of a name, and verifies that the signing key of the name's own verified profile signed it for this name.
 * Whether the certificate is good in its own scheme is for a library of that scheme to say.
 *
 * A certificate beside no profile is untrusted: somebody published a certificate that nobody vouches for. The option
 * `relayNodes` is without effect: none is looked up.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options or a scheme that there is
 * not, and the reason of `signal` when that is aborted; everything else is an outcome.
 */
export async function resolveCertificate(
  name: string,
  scheme: CertificateScheme,
  options: ResolveOptions,
): Promise<CertificateOutcome> {
  assertScheme(scheme);
  const settings = { ...resolveSettings(options), relayNodes: "none" } as const;
  const asked = resolvableName(name);
  return unlessAborted(
    settings.signal,
    certificateOutcome(asked, scheme, settings).catch((error: unknown) =>
      outcomeOfError(asked.name, error),
    ),
  );
}

async function certificateOutcome(
  asked: ResolvableName,
  scheme: CertificateScheme,
  settings: ResolveSettings,
): Promise<CertificateOutcome> {
  const { name } = asked;
  const [read, profile] = await Promise.all([
    readStatement(asked, settings, certificateKey(scheme), `has no ${scheme} certificate`),
    profileOutcome(asked, settings),
  ]);
  if (read.status === "absent") return read;
  if (profile.status === "unreachable" || profile.status === "untrusted") return profile;
  if (profile.status === "absent") {
    throw failedCheck(
      "certificate-signature",
      `${name} has a certificate but no DM3 profile, so nobody can tell whose signature it needs. Its owner has to publish the profile.`,
    );
  }
  const { context, resolver, named } = read;
  const certificate = verifiedCertificate(name, scheme, read, profile.profile.publicSigningKey);
  return {
    ...{ status: "found", name, certificate, profile, resolver },
    sentence: `${name} has an ${scheme} certificate for ${certificate.address}, signed by the key of its DM3 profile.${differenceText(named)}`,
    ...named,
    checks: [...profile.checks, ...context.checks.passed],
    expiresAt: context.expiry.isoTime,
  };
}

/** Throws a failed check. */
function verifiedCertificate(
  name: string,
  scheme: CertificateScheme,
  { context: { checks }, text }: StatementRead,
  publicSigningKey: string,
): CertificateRecord {
  const key = certificateKey(scheme);
  const record = checks.run("certificate-record", "the certificate record is well-formed", () => {
    const parsed = parseCertificate(parseStatementText(key, text));
    const told: string = parsed.scheme;
    if (told === scheme) return parsed;
    throw new SignpostError(
      "INVALID_PROFILE",
      `The record ${key} holds a certificate of another scheme, ${told}.`,
      { field: "scheme" },
    );
  });
  const passed = `the certificate is signed for ${name} by the signing key of its profile`;
  checks.run("certificate-signature", passed, () => {
    assertCertificateOf(name, publicSigningKey, record);
  });
  return record;
}

function assertScheme(scheme: string): void {
  if ((CERTIFICATE_SCHEMES as readonly string[]).includes(scheme)) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `There are certificates of ${CERTIFICATE_SCHEMES.join(", ")} only.`,
    { field: "scheme" },
  );
}
