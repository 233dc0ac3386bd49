/** What the table needs of a client: each is asked as its own documentation says. */
import type { Reach } from "./clientCases.js";

export interface EnsClient {
  /** What stands before its row. */
  readonly title: string;
  /** Which kind of resolver it is pointed at. */
  readonly reach: Reach;
  /** The text record with the DM3 profile; null for an absent one; throws whatever the client throws. */
  profileRecord(name: string): Promise<string | null>;
  /** Several records in one lookup; null where the client has no such call. */
  readonly several: ((name: string) => Promise<SeveralRecords>) | null;
  /** The name in ENSIP-15 normal form; null where the client does that itself, or has no such function. */
  readonly normalize: ((name: string) => string) | null;
  /** What an application can tell its errors apart by. */
  errorClass(error: unknown): string;
  /** What to do where it shows "absent" though nobody said so; null when it never does. */
  readonly whereSilent: string | null;
  /** What to do where it does not come to the second gateway; null when it always does. */
  readonly whereStuck: string | null;
}

export interface SeveralRecords {
  readonly profileRecord: string | null;
  /** Of the text record that no name has. */
  readonly absentRecord: string | null;
  /** addr(60), in any case. */
  readonly address: string | null;
}

/** Of an error as ethers, Node and the SDK throw it: they have a code. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return error instanceof Error ? error.name : String(error);
}
