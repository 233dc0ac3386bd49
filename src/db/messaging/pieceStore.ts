/**
 * Pieces of long messages of the network's people, in the blob store of the relay node on the same database. A mail domain makes as
 * many people as it likes, so a domain counts as well. So do receivers: what one of them never fetches takes room from nobody else.
 */
import type { Digest } from "../../abi/digest.js";
import type { NormalName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import type { NativeAddress } from "../../messaging/address/nativeAddress.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { PieceStore } from "../../messaging/bridge/keepNative.js";
import { turns } from "../../messaging/bridge/turns.js";
import { blobUrl } from "../../relay/blobStore.js";
import { domainOfSender } from "../../relay/senderDomain.js";
import type { Counter } from "../../relay/senderLimits.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { blobStore } from "../relay/blobStore.js";
import type { RelayTables } from "../relay/relayTables.js";
import type { BridgeTables } from "./bridgeTables.js";
import type { MessagingTables } from "./messagingTables.js";

export interface PieceSettings {
  /** Of the relay node, as published. */
  readonly url: string;
  /** Of all files at the relay node, those of people who left as well, in bytes. */
  readonly mostBytes: number;
  readonly lifetimeMs: number;
  readonly counter: Counter;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

/** Parts of the whole: of one mail domain, and of one person. */
const OF_DOMAIN = 1 / 4;
const OF_PERSON = 1 / 20;
/** For one receiver, and for all names below one ENS domain. */
const FOR_RECEIVER = 1 / 10;
const FOR_ENS_DOMAIN = 1 / 2;
/** Parts of those, in a day: what was kept takes its room for weeks. One mail of any length may take all of a day's. */
const OF_DOMAIN_A_DAY = 1 / 8;
const OF_PERSON_A_DAY = 1 / 4;
const DAY_SEC = 86_400;
const MOST_PIECES = 10_000;

interface UseRow {
  readonly every: string;
  readonly domain: string;
  readonly own: string;
  readonly known: boolean;
  readonly receiver: string;
  readonly ens_domain: string;
  readonly known_for: boolean;
}

export function pieceStore(
  pool: Pool,
  { link, keptFor }: Pick<MessagingTables, "link"> & Pick<BridgeTables, "keptFor">,
  relay: RelayTables,
  { url, mostBytes, lifetimeMs, counter, nowMs }: PieceSettings,
): PieceStore {
  const ofPerson = mostBytes * OF_PERSON;
  const inTurn = turns();
  const blobs = blobStore(pool, relay, { mostBlobs: MOST_PIECES, mostBytes: ofPerson });

  async function use(of: NativeAddress, to: NormalName, first: Digest): Promise<UseRow> {
    const sum = (filter: string) => `coalesce(sum(u.bytes)${filter}, 0)`;
    const text = `
      select ${sum("")} as every,
        ${sum(" filter (where split_part(l.native, '@', 2) = $2)")} as domain,
        ${sum(" filter (where l.native = $1)")} as own,
        exists (select 1 from ${relay.blob} b join ${link} s using (account) where b.id = $3 and s.native = $1) as known,
        f.*
      from ${relay.blobUse} u left join ${link} l using (account)
      right join (
        select coalesce(sum(bytes) filter (where receiver = $4), 0) as receiver,
          coalesce(sum(bytes) filter (where right('.' || receiver, length($5)) = $5), 0) as ens_domain,
          coalesce(bool_or(receiver = $4 and first = $3), false) as known_for
        from ${keptFor} where kept_until > $6
      ) f on true
      group by f.receiver, f.ens_domain, f.known_for`;
    const ensDomain = domainOfSender(to).slice(1);
    const who = [formatNativeAddress(of), of.domain, first, to, ensDomain];
    const { rows } = await fromDatabase(pool.query<UseRow>(text, [...who, new Date(nowMs())]));
    const [row] = rows;
    if (row === undefined) throw new Error("What is kept was not counted.");
    return row;
  }

  const ofDomain = mostBytes * OF_DOMAIN;
  const forReceiver = mostBytes * FOR_RECEIVER;
  const forEnsDomain = mostBytes * FOR_ENS_DOMAIN;

  async function assertRoom(
    of: NativeAddress,
    to: NormalName,
    bytes: number,
    first: Digest,
  ): Promise<void> {
    const { every, domain, own, known, ...kept } = await use(of, to, first);
    if (!kept.known_for) {
      if (Number(kept.receiver) + bytes > forReceiver) throw receiverFull(to, forReceiver);
      const ensDomain = domainOfSender(to);
      if (Number(kept.ens_domain) + bytes > forEnsDomain)
        throw receiverFull(ensDomain, forEnsDomain);
    }
    if (known) return;
    if (Number(own) + bytes > ofPerson) throw full(formatNativeAddress(of), ofPerson);
    if (Number(domain) + bytes > ofDomain) throw domainFull(of.domain, ofDomain);
    if (Number(every) + bytes > mostBytes) throw allFull(mostBytes);
    countToday(formatNativeAddress(of), ofPerson * OF_PERSON_A_DAY, bytes);
    countToday(`everybody of ${of.domain}`, ofDomain * OF_DOMAIN_A_DAY, bytes);
  }

  function countToday(who: string, limit: number, bytes: number): void {
    const count = Math.min(bytes, limit);
    const retryAfterSec = counter.take(`kept for ${who}`, limit, DAY_SEC, count);
    if (retryAfterSec !== null) throw tooMuchToday(who, limit, retryAfterSec);
  }

  async function noteKept(to: NormalName, bytes: number, first: Digest): Promise<void> {
    const text = `
      insert into ${keptFor} as k (receiver, first, bytes, kept_until) values ($1, $2, $3, $4)
      on conflict (receiver, first) do update set kept_until = greatest(k.kept_until, excluded.kept_until)`;
    const until = new Date(nowMs() + lifetimeMs);
    await fromDatabase(pool.query(text, [to, first, bytes, until]));
  }

  return {
    withRoom: (of, to, bytes, first, work) =>
      inTurn(
        "pieces",
        async () => {
          await assertRoom(of, to, bytes, first);
          const result = await work();
          await noteKept(to, bytes, first);
          return result;
        },
        "any",
      ),
    keep: async (account, { sha256, sealed }) => {
      if (!(await blobs.keep(account, sha256, sealed, nowMs() + lifetimeMs))) {
        throw full("its sender", ofPerson);
      }
      return blobUrl(url, sha256);
    },
  };
}

function full(who: string, most: number): SignpostError {
  const mostBytes = Math.floor(most);
  return new SignpostError(
    "BLOBS_FULL",
    `Of ${who} at most ${mostBytes} bytes in large messages are kept here, each for some weeks. Send a smaller file, or a link to it.`,
    { mostBlobs: MOST_PIECES, mostBytes },
  );
}

/** Passes: others of the domain did it, so its mail server has to try again. */
function domainFull(domain: string, most: number): SignpostError {
  const limit = Math.floor(most);
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `Of everybody of ${domain} at most ${limit} bytes in large messages are kept here, and that room is taken. Send it again later.`,
    { limit },
  );
}

/** Passes: what is kept goes after its time. */
function receiverFull(who: string, most: number): SignpostError {
  const limit = Math.floor(most);
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `For ${who} at most ${limit} bytes in large messages are kept here, each for some weeks, and that room is taken. Send it again later, or send a link to the file.`,
    { limit },
  );
}

function tooMuchToday(who: string, most: number, retryAfterSec: number): SignpostError {
  const limit = Math.floor(most);
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `Of ${who} at most ${limit} bytes in large messages are taken a day. Send it again in ${retryAfterSec} seconds.`,
    { limit, retryAfterSec },
  );
}

function allFull(limit: number): SignpostError {
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `There is room for ${limit} bytes in files of everybody, and it is taken. Send it again later.`,
    { limit },
  );
}
