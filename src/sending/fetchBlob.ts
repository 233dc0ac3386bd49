/** Blobs, as a relay node hands them to whoever knows their references. */
import type { BlobReference } from "../dm3/blob/blobReference.js";
import { openBlob, SEAL_BYTES, wrongBlob } from "../dm3/blob/sealedBlob.js";
import type { CryptoEngine } from "../dm3/crypto/cryptoEngine.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { RelayNodeAccess } from "./relayNodeAccess.js";

/** For some megabytes over a slow line. */
export const BLOB_TIMEOUT_MS = 60_000;

/** Of a client's faults, those that pass by themselves: it took too long, came too early, or asked too often. */
const PASSING: readonly number[] = [408, 425, 429];

/**
 * The content, checked and opened.
 * @param mostMs that it may take; it never gets more than a relay node's usual time
 * @throws WRONG_BLOB for other bytes than the sender's, FORBIDDEN_ADDRESS, UNREACHABLE, NOT_FOUND for what the host does not give
 */
export async function fetchBlob(
  access: RelayNodeAccess,
  engine: CryptoEngine,
  reference: BlobReference,
  mostMs = Infinity,
): Promise<Uint8Array> {
  const { url, size } = reference;
  return openBlob(engine, reference, await fetched(access, url, size + SEAL_BYTES, mostMs));
}

/**
 * One after the other, in one piece.
 * @param size of all of them, in bytes
 * @param begin is told of each piece, and says how many ms it may take; it may throw
 */
export async function fetchBlobs(
  access: RelayNodeAccess,
  engine: CryptoEngine,
  references: readonly BlobReference[],
  size: number,
  begin: (piece: BlobReference) => number = () => Infinity,
): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const reference of references) {
    whole.set(await fetchBlob(access, engine, reference, begin(reference)), at);
    at += reference.size;
  }
  return whole;
}

async function fetched(
  { fetcher, timeoutMs }: RelayNodeAccess,
  url: string,
  mostBytes: number,
  mostMs: number,
): Promise<Uint8Array> {
  const waitMs = Math.min(Math.max(timeoutMs, BLOB_TIMEOUT_MS), mostMs);
  try {
    const request = { url, method: "GET", maxBytes: mostBytes, timeoutMs: waitMs } as const;
    const { status, body } = await fetcher(request);
    if (status === 200) return body;
    if (status === 404 || status === 410) throw gone();
    if (status >= 400 && status < 500 && !PASSING.includes(status)) throw notGiven(status);
    const reason = `it answered ${status}`;
    const sentence = `The attachment's host gave no attachment: ${reason}. Try again later.`;
    throw new SignpostError("UNREACHABLE", sentence, { reason });
  } catch (error) {
    throw isSignpostError(error, "TOO_LARGE") ? wrongBlob("size") : error;
  }
}

function gone(): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    "The attachment is not there any more: it is kept for a time. Ask the sender to send it again.",
  );
}

function notGiven(status: number): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `The attachment's host does not give it: it answered ${status}. Ask the sender to send it again.`,
    { status },
  );
}
