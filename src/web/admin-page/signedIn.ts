/** Who is signed in: in memory, and in this tab's storage only where the person wants to stay. */

export interface SignedIn {
  /** Of the domain's service, or of a session: what the service takes as `Authorization: Bearer`. */
  readonly apiKey: string;
  readonly domain: string;
  /** Of a wallet; null where the person gave an API key. `expiresAtMs` is Unix time in milliseconds. */
  readonly session: { readonly wallet: string; readonly expiresAtMs: number } | null;
}

/** After so long without a touch, whoever sits there now may be somebody else. */
export const LONGEST_IDLE_MS = 15 * 60_000;

const KEY = "signpost.admin-page";

interface Kept {
  readonly signedIn: SignedIn;
  readonly touchedMs: number;
}

/**
 * What this tab has kept: also of a tab that was closed and opened again, which the browser fills with what it had. So
 * `isOver` tells one that is to be ended and not used.
 */
export function readKept(
  storage: Storage | null,
  nowMs: number,
): { readonly signedIn: SignedIn; readonly isOver: boolean } | null {
  const kept = parsed(storage?.getItem(KEY) ?? null);
  if (kept === null) return null;
  const { signedIn, touchedMs } = kept;
  const idleMs = nowMs - touchedMs;
  return { signedIn, isOver: !(idleMs >= 0 && idleMs < LONGEST_IDLE_MS) };
}

export function keep(storage: Storage | null, signedIn: SignedIn, touchedMs: number): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ signedIn, touchedMs } satisfies Kept));
  } catch {
    // a browser that keeps nothing asks again after a reload
  }
}

export function forget(storage: Storage | null): void {
  storage?.removeItem(KEY);
}

/** Only what this page writes; anything else is as if there were nothing. */
function parsed(text: string | null): Kept | null {
  try {
    const { signedIn, touchedMs } = JSON.parse(text ?? "null") as Partial<Kept>;
    const { apiKey, domain, session } = Object(signedIn) as Partial<SignedIn>;
    if (typeof apiKey !== "string" || typeof domain !== "string" || session === undefined) {
      return null;
    }
    if (session !== null && typeof session.expiresAtMs !== "number") return null;
    return { signedIn: { apiKey, domain, session }, touchedMs: Number(touchedMs) };
  } catch {
    return null;
  }
}
