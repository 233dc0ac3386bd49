/**
 * Finds a CR or LF that is not part of a CRLF. Servers differ about where a mail ends that has one, so that a second mail could hide in
 * it ("SMTP smuggling"); smtp-server hands them over as they came.
 */
export interface NewlineGuard {
  /** False from the first bare one on. */
  readonly isClean: (chunk: Uint8Array) => boolean;
  /** Whether a CR waits for its LF. */
  readonly endsClean: () => boolean;
}

const CR = 13;
const LF = 10;

export function newlineGuard(): NewlineGuard {
  let afterCr = false;
  let clean = true;

  function check(chunk: Uint8Array): boolean {
    if (afterCr && chunk.length > 0 && chunk[0] !== LF) return false;
    if (!afterCr && chunk[0] === LF) return false;
    // native searches: each LF has to follow a CR, and each CR to stand before an LF
    for (let at = chunk.indexOf(LF, 1); at !== -1; at = chunk.indexOf(LF, at + 1)) {
      if (chunk[at - 1] !== CR) return false;
    }
    for (let at = chunk.indexOf(CR); at !== -1; at = chunk.indexOf(CR, at + 1)) {
      if (at + 1 < chunk.length && chunk[at + 1] !== LF) return false;
    }
    if (chunk.length > 0) afterCr = chunk[chunk.length - 1] === CR;
    return true;
  }

  return {
    isClean: (chunk) => (clean &&= check(chunk)),
    endsClean: () => clean && !afterCr,
  };
}
