/**
 * Sealed blobs over HTTP: accounts upload them, and everybody who knows the id gets them. The id is the SHA-256 of bytes
 * that nobody else could have, so it is as good as a secret.
 */
import { type Request, type RequestHandler, type Response, Router } from "express";
import { type Digest, digestFrom } from "../../abi/digest.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { sha256 } from "../../abi/sha256.js";
import { assertProven, openSession, type SessionParts } from "../../accounts/session.js";
import { SEAL_BYTES } from "../../dm3/blob/sealedBlob.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { type BlobBounds, type BlobStore, blobUrl } from "../../relay/blobStore.js";
import { bearerOf } from "../accounts/credentials.js";
import { refuseRoute } from "../accounts/routeRefusals.js";
import type { Tokens } from "../accounts/tokens.js";
import { announcedBytes } from "../body/readJson.js";
import { assertWithin } from "../fairness/assertWithin.js";
import type { RateLimits } from "../fairness/rateLimits.js";
import type { ReportFailure } from "../refuse.js";
import type { RelayDoor } from "./relayDoor.js";
import { BLOBS } from "./routeTexts.js";

export interface BlobRouteParts extends Pick<SessionParts, "directory" | "accounts"> {
  readonly blobs: BlobStore;
  readonly bounds: BlobBounds;
  readonly tokens: Tokens;
  readonly door: RelayDoor;
  readonly uploads: RateLimits;
  /** Of the relay node, as published; null: not told yet. */
  readonly url: string | null;
  readonly lifetimeMs: number;
  readonly nowMs: () => number;
  readonly reportFailure: ReportFailure;
}

const DAY_SEC = 86_400;
/** An account may write as often as this what it may have, each day: more is a way to wear our disks out. */
const TURNS_A_DAY = 4;
/** How often the bytes are in memory on their way from the database. */
const COPIES = 4;
const ID = /^[0-9a-f]{64}$/;

/** Below `/blobs`. */
export function blobRoutes(parts: BlobRouteParts): Router {
  const { blobs, bounds, tokens, door, uploads, nowMs, lifetimeMs, reportFailure } = parts;
  const router = Router();
  const refusing = refuseRoute(BLOBS, reportFailure);
  const counted =
    (handler: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    async (request, response) => {
      door.count(request);
      await handler(request, response);
    };

  /** Whoever proved to be the owner of an account here. */
  async function ownerOf(request: Request): Promise<Address> {
    const session = await tokens.readToken(bearerOf(request));
    assertProven(session);
    const { account } = await openSession(parts, checksumAddress(session.address), session);
    return account.address;
  }

  const mostSealed = bounds.mostBytes + SEAL_BYTES;
  const upload = counted(async (request, response) => {
    const owner = await ownerOf(request);
    const announced = Math.min(announcedBytes(request, mostSealed), mostSealed);
    if (!(await blobs.hasRoom(owner, announced))) throw blobsFull(bounds);
    countUpload(uploads, owner, bounds, announced);
    await door.withBytes(request, mostSealed, async (sealed) => {
      if (sealed.length < SEAL_BYTES) throw tooShort();
      const id = sha256(sealed);
      const expiresMs = nowMs() + lifetimeMs;
      if (!(await blobs.keep(owner, id, sealed, expiresMs))) throw blobsFull(bounds);
      const url = parts.url === null ? null : blobUrl(parts.url, id);
      response.status(201).json({ id: toHex(id).slice(2), url, expiresMs });
    });
  });
  router.post("/", upload, refusing);

  const show = counted(async (request, response) => {
    const id = idIn(request);
    const size = await blobs.sizeOf(id, nowMs());
    if (size === null) throw noBlob();
    const send = async () => {
      const content = await blobs.contentOf(id, nowMs());
      if (content === null) throw noBlob();
      // it is ciphertext: no browser is to make anything of it
      response.setHeader("content-type", "application/octet-stream");
      response.setHeader("content-disposition", "attachment");
      response.setHeader("x-content-type-options", "nosniff");
      response.setHeader("content-security-policy", "default-src 'none'; sandbox");
      response.setHeader("cache-control", "no-store");
      response.setHeader("content-length", content.length);
      response.end(content);
    };
    await door.withPage(request, response, send, size * COPIES);
  });
  router.get("/:id", show, refusing);

  const remove = counted(async (request, response) => {
    const owner = await ownerOf(request);
    if (!(await blobs.remove(owner, idIn(request)))) throw noBlob();
    response.status(204).end();
  });
  router.delete("/:id", remove, refusing);
  return router;
}

function countUpload(
  uploads: RateLimits,
  owner: Address,
  { account }: BlobBounds,
  bytes: number,
): void {
  const limit = TURNS_A_DAY * account.mostBytes;
  const retryAfterSec = uploads.take(toHex(owner), limit, DAY_SEC, bytes);
  assertWithin(retryAfterSec, { limit, of: "bytes a day in uploads of one account", count: bytes });
}

function idIn({ params }: Request): Digest {
  const id = String(params["id"]);
  if (!ID.test(id)) throw noBlob();
  return digestFrom(fromHex(`0x${id}`));
}

function noBlob(): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    "There is no such blob here (any more). Ask whoever sent it to send it again.",
  );
}

function tooShort(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `A sealed blob has ${SEAL_BYTES} bytes at least. Send one as docs/relay-api.md says.`,
  );
}

function blobsFull({ account }: BlobBounds): SignpostError {
  const { mostBlobs, mostBytes } = account;
  return new SignpostError(
    "BLOBS_FULL",
    `This account may have ${mostBlobs} blobs with ${mostBytes} bytes in all. Delete some, or wait until some expire.`,
    { mostBlobs, mostBytes },
  );
}
