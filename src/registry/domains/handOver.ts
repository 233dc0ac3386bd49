/** What goes from one domain to another when one is added below it, or removed. */

export interface HandedOver {
  /** The domain that held it before, or, of a removal, that holds it now; null: there is none. */
  readonly other: string | null;
  /** Names that say the new domain now. */
  readonly names: number;
  /** How many of them their owners hold: services can only suspend those. */
  readonly heldNames: number;
  /** The first of those, in no order that means anything. */
  readonly heldExamples: readonly string[];
  /** Reservations that ended with it. */
  readonly reservations: number;
}

/** So many are told. */
export const MOST_EXAMPLES = 100;
