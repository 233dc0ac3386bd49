/** How much one account may have. */
import { SignpostError } from "../errors.js";
import type { StoragePart } from "./errorCodes.js";

export interface StorageBounds {
  readonly mostConversations: number;
  readonly mostMessages: number;
  /** Of all that it keeps, as it is encrypted. */
  readonly mostBytes: number;
  /** Of one message, as it is encrypted. */
  readonly mostMessageBytes: number;
}

/** How much an account has. */
export interface StorageUse {
  /** Those that are hidden, and those that went into another one, count as well. */
  readonly conversations: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Throws STORAGE_FULL for more than an account may have. What is less than before always passes. */
export function assertRoom(
  { mostConversations, mostMessages, mostBytes }: StorageBounds,
  before: StorageUse,
  after: StorageUse,
): void {
  const parts: readonly (readonly [StoragePart, number])[] = [
    ["conversations", mostConversations],
    ["messages", mostMessages],
    ["bytes", mostBytes],
  ];
  for (const [of, most] of parts) {
    if (after[of] > most && after[of] > before[of]) throw full(of, most);
  }
}

function full(of: StoragePart, most: number): SignpostError {
  return new SignpostError(
    "STORAGE_FULL",
    `This account may keep ${most} ${of} here, and this would be more. Nothing of it was kept. Delete what you do not need, or ask the operator for more.`,
    { of, most },
  );
}

/** Throws TOO_LARGE. */
export function assertShortEnough(
  { mostMessageBytes }: Pick<StorageBounds, "mostMessageBytes">,
  bytes: number,
): void {
  if (bytes <= mostMessageBytes) return;
  throw new SignpostError(
    "TOO_LARGE",
    `An encrypted message may have ${mostMessageBytes} bytes here, and this one has ${bytes}. Keep large attachments elsewhere, or ask the operator for more.`,
  );
}
