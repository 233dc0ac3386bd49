/**
 * Who holds what, told a second time: domains that come, go and change their policy over a few names, with nothing but
 * a map for each. The property test compares the registry with it.
 */
import type { ErrorCode } from "../../../src/errors.js";

type Kind = "add" | "remove" | "policy" | "reserve" | "create" | "delete" | "publish" | "claim";

/** A step has all of it, whether its kind needs it or not. */
export interface Step {
  readonly kind: Kind;
  /** Which comes, goes or changes, or in whose right the name is changed. */
  readonly domain: string;
  readonly name: string;
  /** A wallet's number. */
  readonly wallet: number;
  /** The policy: whether wallets may claim. */
  readonly isOpen: boolean;
}

interface ModelName {
  readonly owner: number | null;
  readonly held: boolean;
}

interface ModelReservation {
  readonly domain: string;
  readonly wallet: number;
}

const isWithin = (name: string, domain: string) => name === domain || name.endsWith(`.${domain}`);
/** As dm3's clients fold it. */
const form = (name: string) => name.replaceAll("ß", "ss");

export class DomainModel {
  /** Whether wallets may claim there. */
  readonly domains = new Map<string, boolean>();
  readonly names = new Map<string, ModelName>();
  readonly reservations = new Map<string, ModelReservation>();

  /** The most specific domain. */
  holderOf(name: string): string | null {
    const above = [...this.domains.keys()].filter((domain) => isWithin(name, domain));
    return above.sort((a, b) => b.length - a.length)[0] ?? null;
  }

  namesOf(domain: string): string[] {
    return [...this.names.keys()].filter((name) => this.holderOf(name) === domain).sort();
  }

  reservationsOf(domain: string): string[] {
    return [...this.reservations.keys()]
      .filter((name) => this.reservations.get(name)?.domain === domain)
      .sort();
  }

  /** Does it, or returns why not. */
  apply(step: Step): ErrorCode | null {
    if (step.kind === "add") return this.add(step.domain);
    if (step.kind === "remove") return this.remove(step.domain);
    if (step.kind === "policy") {
      if (!this.domains.has(step.domain)) return "NOT_FOUND";
      this.domains.set(step.domain, step.isOpen);
      return null;
    }
    const { name, domain, wallet } = step;
    if (this.holderOf(name) !== domain) return "FORBIDDEN";
    const current = this.names.get(name);
    if (step.kind === "reserve") {
      const refused =
        this.takenByTwin(name, domain, wallet) ?? this.keptByTwin(name, domain, wallet);
      if (refused) return refused;
      this.reservations.set(name, { domain, wallet });
      return null;
    }
    if (step.kind === "claim") return this.claim(step, current);
    if (current?.held) return "HELD_BY_OWNER";
    if (step.kind === "delete") this.names.delete(name);
    else if (step.kind === "create") this.names.set(name, current ?? { owner: null, held: false });
    else return this.publish(step, current);
    return null;
  }

  private add(domain: string): ErrorCode | null {
    if (this.domains.has(domain)) return "NAME_TAKEN";
    this.domains.set(domain, false);
    this.endReservations();
    return null;
  }

  private remove(domain: string): ErrorCode | null {
    if (!this.domains.has(domain)) return "NOT_FOUND";
    const others = [...this.domains.keys()].filter((one) => one !== domain);
    const isAbove = others.some((one) => isWithin(domain, one));
    if (!isAbove && this.namesOf(domain).length > 0) return "INVALID_REQUEST";
    this.domains.delete(domain);
    this.endReservations();
    return null;
  }

  /** A service's word counts where it holds the name. */
  private endReservations(): void {
    for (const [name, { domain }] of this.reservations) {
      if (this.holderOf(name) !== domain) this.reservations.delete(name);
    }
  }

  private claim({ name, domain, wallet }: Step, current?: ModelName) {
    if (current) {
      if (current.owner !== wallet) return "NAME_TAKEN" as const;
      this.names.set(name, { owner: wallet, held: true });
      return null;
    }
    const label = name.slice(0, -domain.length - 1);
    if (label === "" || label.includes(".")) return "POLICY_FORBIDS" as const;
    const kept = this.reservations.get(name);
    if (kept && kept.wallet !== wallet) return "NAME_RESERVED" as const;
    if (!kept && this.domains.get(domain) !== true) return "POLICY_FORBIDS" as const;
    const refused =
      this.takenByTwin(name, domain, wallet) ??
      (kept ? null : this.keptByTwin(name, domain, wallet));
    if (refused) return refused;
    this.names.set(name, { owner: wallet, held: true });
    return null;
  }

  private publish({ name, domain, wallet }: Step, current?: ModelName) {
    const kept = this.reservations.get(name);
    if (!current && kept && kept.wallet !== wallet) return "NAME_RESERVED" as const;
    if (current && current.owner !== null)
      return current.owner === wallet ? null : ("NAME_TAKEN" as const);
    const isKept = kept?.wallet === wallet;
    const refused =
      this.takenByTwin(name, domain, wallet) ??
      (isKept ? null : this.keptByTwin(name, domain, wallet));
    if (refused) return refused;
    this.names.set(name, { owner: wallet, held: false });
    return null;
  }

  private takenByTwin(name: string, domain: string, wallet: number): "NAME_TAKEN" | null {
    const isTaken = [...this.names].some(
      ([other, { owner }]) =>
        other !== name &&
        form(other) === form(name) &&
        this.holderOf(other) === domain &&
        owner !== null &&
        owner !== wallet,
    );
    return isTaken ? "NAME_TAKEN" : null;
  }

  private keptByTwin(name: string, domain: string, wallet: number): "NAME_RESERVED" | null {
    const isKept = [...this.reservations].some(
      ([other, kept]) =>
        other !== name &&
        form(other) === form(name) &&
        kept.domain === domain &&
        kept.wallet !== wallet,
    );
    return isKept ? "NAME_RESERVED" : null;
  }
}
