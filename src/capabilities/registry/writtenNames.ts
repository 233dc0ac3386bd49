/** The same names, with somebody told of each that was written. */
import type { NameStore } from "../../registry/store.js";

export function noting(names: NameStore, noteWritten: (name: string) => void): NameStore {
  return {
    ...names,
    changeNames: async (targets, decide) => {
      const written: string[] = [];
      const versions = await names.changeNames(targets, (known, index) => {
        const change = decide(known, index);
        if (change?.after != null) written.push(change.after.name);
        return change;
      });
      written.forEach(noteWritten);
      return versions;
    },
  };
}
