/** Signs a person out who has gone away: after a time without a key, a click, a touch or the wheel. */

const TOUCHES = ["pointerdown", "keydown", "wheel"] as const;

export interface Idle {
  /** From now on; a second call begins anew. */
  start(): void;
  stop(): void;
}

/**
 * @param onIdle once, when nothing was touched for so long
 * @param onTouch told at most once a second
 */
export function watchIdle(limitMs: number, onIdle: () => void, onTouch: () => void): Idle {
  let touchedMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const look = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    const leftMs = touchedMs + limitMs - Date.now();
    if (leftMs > 0) {
      timer = setTimeout(look, leftMs);
      return;
    }
    stop();
    onIdle();
  };
  const touch = () => {
    if (timer === undefined) return;
    // a computer that slept has run no timer: what woke it is no touch
    if (Date.now() - touchedMs >= limitMs) look();
    else if (Date.now() - touchedMs >= 1_000) {
      touchedMs = Date.now();
      onTouch();
    }
  };
  for (const event of TOUCHES) {
    document.addEventListener(event, touch, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", look);
  return {
    start: () => {
      stop();
      touchedMs = Date.now();
      timer = setTimeout(look, limitMs);
    },
    stop,
  };
}
