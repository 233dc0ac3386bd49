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

/**
 * Room for halted messages that are cleared, beyond what an account may have: their conversation may need another row. A full account
 * that was refused this would have them sent once more by the user's other devices.
 */
const FOR_CLEARING = { conversations: 100, bytes: 1024 * 1024 };

export function boundsOfClearing(bounds: StorageBounds): StorageBounds {
  return {
    ...bounds,
    mostConversations: bounds.mostConversations + FOR_CLEARING.conversations,
    mostBytes: bounds.mostBytes + FOR_CLEARING.bytes,
  };
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
