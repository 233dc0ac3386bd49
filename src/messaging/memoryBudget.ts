/** How much of native messages may be in memory at once: the port; networks fill it, because waiting needs a clock. */
export interface MemoryBudget {
  readonly open: () => Allowance;
}

/** Of one message. */
export interface Allowance {
  /** False where that is too much at the moment; then nothing was taken. */
  readonly take: (bytes: number) => Promise<boolean>;
  /** Gives all of it back; may be called twice. */
  readonly close: () => void;
}
