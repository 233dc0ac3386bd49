/** The libraries of the codec, which apps install for it alone: loaded when the first mail is written or read. */
import type * as openPgpModule from "openpgp";
import type * as postalMimeModule from "postal-mime";
import { SignpostError } from "../../errors.js";
import { lacksPackage } from "./keys/libraryFailure.js";

type OpenPgp = typeof openPgpModule;
type PostalMime = typeof postalMimeModule;

let openPgp: Promise<OpenPgp> | undefined;
let postalMime: Promise<PostalMime> | undefined;
let furtherCurves: Promise<void> | undefined;

/** @throws INVALID_CONFIGURATION where it is not installed */
export function loadOpenPgp(): Promise<OpenPgp> {
  return (openPgp ??= import("openpgp").catch((cause: unknown) => {
    openPgp = undefined; // a browser may reach it later
    throw missing("openpgp", cause);
  }));
}

/** @throws INVALID_CONFIGURATION where it is not installed */
export function loadPostalMime(): Promise<PostalMime> {
  return (postalMime ??= import("postal-mime").catch((cause: unknown) => {
    postalMime = undefined;
    throw missing("postal-mime", cause);
  }));
}

/**
 * What openpgp requires under Node for signatures on some curves, and does not bring. Only the library knows where it looks for it, so it
 * is asked to sign once.
 * @throws INVALID_CONFIGURATION where it is not installed
 */
export function loadFurtherCurves(): Promise<void> {
  return (furtherCurves ??= signOnce().catch((cause: unknown) => {
    furtherCurves = undefined;
    if (lacksPackage(cause)) throw missing("eckey-utils", cause, "a key of this mail");
  }));
}

async function signOnce(): Promise<void> {
  const { generateKey } = await loadOpenPgp();
  await generateKey({ type: "ecc", curve: "brainpoolP256r1", userIDs: {} });
}

function missing(name: string, cause: unknown, what = "encrypted mail"): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The package ${name} does not load, and ${what} needs it. Install it: npm install ${name}.`,
    { package: name },
    { cause },
  );
}
