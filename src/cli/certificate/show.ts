/** `signpost certificate show <name>`: a user's certificate as clients see it. */
import type { Command } from "commander";
import { toHex } from "../../abi/hex.js";
import { sha256 } from "../../abi/sha256.js";
import { decodeBase64 } from "../../dm3/base64.js";
import type { CertificateScheme } from "../../dm3/statement/certificate.js";
import { resolveCertificate } from "../../sdk/node.js";
import { addressedOutcome } from "../addressedOutcome.js";
import { type LookupFlags, lookupOptions } from "../message/lookupOptions.js";
import { tell } from "../message/tell.js";
import { OUTCOME_EXIT_STATUS } from "../resolve.js";

interface ShowFlags extends LookupFlags {
  readonly scheme: CertificateScheme;
}

/** Throws INVALID_NAME and INVALID_REQUEST. */
export async function show(name: string, flags: ShowFlags, command: Command): Promise<void> {
  const outcome = await resolveCertificate(name, flags.scheme, lookupOptions(flags));
  process.exitCode = OUTCOME_EXIT_STATUS[outcome.status];
  const lines: string[] = [];
  if (outcome.status === "found") {
    const { certificate, address, signedAtSec } = outcome.certificate;
    const bytes = decodeBase64(certificate);
    lines.push(
      `  address    ${address}`,
      `  size       ${bytes.length} bytes`,
      `  sha256     ${toHex(sha256(bytes))}`,
      `  signed at  ${new Date(signedAtSec * 1000).toISOString()}`,
    );
  }
  tell(command, flags, outcome, addressedOutcome(outcome, lines));
}
