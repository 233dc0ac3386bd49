/** Who holds how much of something that there is only so much of. What anybody may take is for its users to decide. */
export interface Holdings {
  /** How much nobody holds. */
  readonly free: number;
  heldBy(holder: string): number;
  take(holder: string, amount: number): void;
  giveBack(holder: string, amount: number): void;
}

export function holdings(capacity: number): Holdings {
  const held = new Map<string, number>();
  let free = capacity;
  const heldBy = (holder: string) => held.get(holder) ?? 0;
  return {
    get free() {
      return free;
    },
    heldBy,
    take(holder, amount) {
      free -= amount;
      held.set(holder, heldBy(holder) + amount);
    },
    giveBack(holder, amount) {
      free += amount;
      const left = heldBy(holder) - amount;
      if (left > 0) held.set(holder, left);
      else held.delete(holder);
    },
  };
}
