/**
 * What an admin is about to change: one transaction, seldom two, with what that does to the state, field by field. Plans are
 * pure: they compare the state that was read with the one that is wanted.
 */
import type { UnsentTransaction } from "../chain/unsentTransaction.js";

/** State for people and programs alike: each field a list of values, empty where there is none. */
export type Fields = Readonly<Record<string, readonly string[]>>;

export interface Change {
  /** What happens, as the start of a sentence: "Add a gatewaySigner to 0x...". */
  readonly title: string;
  readonly transaction: UnsentTransaction;
  /** Sent before `transaction`, where a contract does not take both at once. Neither needs the other to succeed. */
  readonly earlier?: UnsentTransaction;
  /** What to try instead of `transaction`, where that tells more about why it would fail. */
  readonly rehearsal?: UnsentTransaction;
  /** Of the sender; only where the outcome depends on it. */
  readonly nonce?: number;
  /** Who has the right to it; checksummed. */
  readonly sender: string;
  /** The fields that change, before and after. */
  readonly before: Fields;
  readonly after: Fields;
  /** What to know before saying yes. */
  readonly notes: readonly string[];
  /** Those of the notes on which a yes rests as much as on what is sent. */
  readonly atStake?: readonly string[];
}

/** A change, or the sentence that says that everything is so already. */
export type Plan =
  | { readonly kind: "change"; readonly change: Change }
  | { readonly kind: "unchanged"; readonly sentence: string };

/** In the order in which they are sent. */
export function transactionsOf({ earlier, transaction }: Change): readonly UnsentTransaction[] {
  return earlier === undefined ? [transaction] : [earlier, transaction];
}

/** What to try out before any is sent. */
export function rehearsalsOf(change: Change): readonly UnsentTransaction[] {
  return transactionsOf({ ...change, transaction: change.rehearsal ?? change.transaction });
}

/** Whether both send the same, by the same account, and it does the same. */
export function isSameChange(one: Change, other: Change): boolean {
  const sent = (change: Change) =>
    transactionsOf(change).map(({ to, value, data }) => [to, value.toString(), data]);
  return (
    JSON.stringify(sent(one)) === JSON.stringify(sent(other)) &&
    one.sender === other.sender &&
    one.nonce === other.nonce &&
    differingFields(one.before, other.before).length === 0 &&
    differingFields(one.after, other.after).length === 0
  );
}

/** Whether as much rests on the one as on the other. */
export function hasSameAtStake({ atStake: one = [] }: Change, { atStake: other = [] }: Change) {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function unchanged(sentence: string): Plan {
  return { kind: "unchanged", sentence };
}

/** The fields of `after` whose values in `state` are others; lists count as sets where the contract keeps sets. */
export function differingFields(after: Fields, state: Fields): string[] {
  return Object.keys(after).filter((field) => canonical(after, field) !== canonical(state, field));
}

const UNORDERED = new Set(["signers"]);

function canonical(fields: Fields, field: string): string {
  const values = fields[field] ?? [];
  return JSON.stringify(UNORDERED.has(field) ? [...values].sort() : values);
}
