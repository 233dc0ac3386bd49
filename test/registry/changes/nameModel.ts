/**
 * What becomes of names, told a second time and in another way: a small model of one domain where wallets may claim,
 * with nothing but who owns, holds and suspended a name. The random walk compares the registry with it.
 */
import type { ErrorCode } from "../../../src/errors.js";

type Actor = "service" | "admin" | 0 | 1 | 2;

export interface Move {
  readonly actor: Actor;
  readonly kind:
    | "create"
    | "claim"
    | "publishProfile"
    | "deleteProfile"
    | "setRecords"
    | "write"
    | "move"
    | "delete"
    | "suspend"
    | "unsuspend";
  readonly name: number;
  /** A wallet's number: whose profile, or where to. */
  readonly wallet: number;
  /** Which of the wallet's profiles. */
  readonly profile: number;
  /** Of what a wallet signs: the one that is due, or an old one again. */
  readonly fresh: boolean;
  /** Seconds that pass before it. */
  readonly pause: number;
}

/** What one step depends on besides the move. */
export interface Moment {
  /** What setRecords and write put into the one text record. */
  readonly text: string;
  /** Seconds of Unix time. */
  readonly nowSec: number;
}

export interface ModelName {
  readonly owner: number | null;
  readonly profile: number | null;
  readonly text: string | null;
  readonly held: boolean;
  readonly suspendedBy: "service" | "admin" | null;
}

/** A writer's message expires so long after the block in which it was asked for. */
const WRITE_VALIDITY_SEC = 900;

const EMPTY: ModelName = { owner: null, profile: null, text: null, held: false, suspendedBy: null };

export class NameModel {
  readonly names = new Map<number, ModelName>();
  readonly sequences = new Map<number, number>();
  /** The latest expiry that a writer's message had, or could have had when its owner signed otherwise. */
  private readonly expiries = new Map<number, number>();
  /** `<name>/<wallet>`: who moved or deleted it. */
  private readonly givenUp = new Set<string>();
  /** `<name>/<wallet>/<profile>` */
  private readonly retired = new Set<string>();

  sequenceOf(name: number): number {
    return this.sequences.get(name) ?? 0;
  }

  /** When the message of a writer expires that is asked for now, or the last one that does not count any more. */
  expiryOf({ name, fresh }: Move, nowSec: number): number {
    return fresh ? nowSec + WRITE_VALIDITY_SEC : (this.expiries.get(name) ?? nowSec - 2);
  }

  /** Does it, or returns why not. */
  apply(move: Move, { text, nowSec }: Moment): ErrorCode | null {
    const current = this.names.get(move.name) ?? null;
    const after =
      typeof move.actor === "number"
        ? move.kind === "write"
          ? this.byWriter(move, move.actor, current, { text, nowSec })
          : this.byWallet(move, move.actor, current, text)
        : this.byService(move, move.actor, current, text);
    if (typeof after === "string") return after;
    if (typeof move.actor === "number") {
      this.sequences.set(move.name, this.sequenceOf(move.name) + 1);
      if (move.kind === "move" || move.kind === "delete") {
        this.givenUp.add(`${move.name}/${move.actor}`);
      }
      const before = this.expiries.get(move.name) ?? 0;
      this.expiries.set(move.name, Math.max(before, nowSec + WRITE_VALIDITY_SEC));
    }
    const isKept = after && after.owner === current?.owner && after.profile === current.profile;
    if (current?.owner != null && current.profile !== null && !isKept) {
      this.retired.add(`${move.name}/${current.owner}/${current.profile}`);
    }
    if (after) this.names.set(move.name, after);
    else this.names.delete(move.name);
    return null;
  }

  private byService(
    move: Move,
    actor: "service" | "admin",
    current: ModelName | null,
    text: string,
  ) {
    if (move.kind === "claim" || move.kind === "move") return "FORBIDDEN";
    if (actor === "service" && current?.suspendedBy === "admin") return "NAME_SUSPENDED";
    if (move.kind === "suspend" || move.kind === "unsuspend") {
      if (!current) return "NOT_FOUND";
      return { ...current, suspendedBy: move.kind === "suspend" ? actor : null };
    }
    if (current?.held) return "HELD_BY_OWNER";
    if (move.kind === "publishProfile" && this.givenUp.has(`${move.name}/${move.wallet}`)) {
      return "SUPERSEDED_PROFILE";
    }
    if (move.kind === "create") return current ?? EMPTY;
    if (move.kind === "delete") return null;
    return this.write(move, move.wallet, current, text);
  }

  private byWallet(move: Move, wallet: number, current: ModelName | null, text: string) {
    if (!move.fresh) return "WRONG_SEQUENCE";
    if (current?.suspendedBy) return "NAME_SUSPENDED";
    if (!current && move.kind !== "claim" && move.kind !== "publishProfile") return "NOT_FOUND";
    if (current?.owner === null) return "NAME_TAKEN";
    if (current && current.owner !== wallet) {
      return move.kind === "claim" ? "NAME_TAKEN" : "WRONG_SIGNER";
    }
    if (move.kind === "delete") return null;
    if (move.kind === "claim") return { ...(current ?? EMPTY), owner: wallet, held: true };
    if (move.kind === "move") return { ...EMPTY, owner: move.wallet, held: true };
    const after = this.write(move, wallet, current, text, true);
    return typeof after === "string" ? after : { ...after, held: true };
  }

  private byWriter(
    move: Move,
    wallet: number,
    current: ModelName | null,
    { text, nowSec }: Moment,
  ) {
    if (!current) return "NOT_FOUND";
    if (current.owner === null) return "NAME_TAKEN";
    if (current.owner !== wallet) return "WRONG_SIGNER";
    const expiry = this.expiryOf(move, nowSec);
    if (expiry < nowSec - 1) return "REQUEST_EXPIRED";
    if (expiry <= (this.expiries.get(move.name) ?? 0)) return "WRONG_SEQUENCE";
    if (current.suspendedBy) return "NAME_SUSPENDED";
    return { ...current, text, held: true };
  }

  private write(
    move: Move,
    wallet: number,
    current: ModelName | null,
    text: string,
    isByOwner = false,
  ) {
    const name = current ?? EMPTY;
    if (move.kind === "setRecords") return { ...name, text };
    if (move.kind === "deleteProfile") {
      return name.profile === null ? "NOT_FOUND" : { ...name, profile: null };
    }
    if (name.owner !== null && name.owner !== wallet) return "NAME_TAKEN";
    if (name.profile === move.profile) return name;
    if (!isByOwner && this.retired.has(`${move.name}/${wallet}/${move.profile}`))
      return "SUPERSEDED_PROFILE";
    return { ...name, owner: wallet, profile: move.profile };
  }
}
