/** What all mailboxes hold, for the operator; `src/db/relay/mailboxFigures.ts` answers with Postgres. */

/** Why a message still waits, as far as the relay node can see it. */
export const WAITING_REASONS = ["never_signed_in", "not_fetched", "not_acknowledged"] as const;

export type WaitingReason = (typeof WAITING_REASONS)[number];

export interface MailboxFigures {
  /** When the oldest message that waits was accepted, in Unix milliseconds; null where none waits. */
  readonly oldestMs: number | null;
  /**
   * How many messages wait: of accounts whose owner never answered a challenge; of which not all went to a live connection; and
   * of which all did, without an acknowledgement.
   */
  readonly waiting: Readonly<Record<WaitingReason, number>>;
  readonly blobs: number;
  /** Of all blobs. */
  readonly blobBytes: number;
}

export interface FiguresStore {
  /** Reads the row of every account, so it is asked seldom. Throws DATABASE_UNAVAILABLE. */
  figures(): Promise<MailboxFigures>;
}
