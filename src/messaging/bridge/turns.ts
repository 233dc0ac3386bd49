/** Work of one kind goes on one after the other. */

/**
 * What waits behind work that failed is not begun, and fails like it.
 * @param behind "any": it is begun all the same
 */
export type InTurn = <Result>(
  kind: string,
  work: () => Promise<Result>,
  behind?: "success" | "any",
) => Promise<Result>;

export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (kind, work, behind = "success") => {
    const before = last.get(kind) ?? Promise.resolve();
    const own = (behind === "any" ? before.then(work, work) : before.then(work)).finally(() => {
      if (last.get(kind) === own) last.delete(kind);
    });
    last.set(kind, own);
    return own;
  };
}
