/** Puts a row there, as a fixture: no rule is asked. */
import { appendEntry } from "../../src/registry/history/historyChain.js";
import type { KnownName, NameChange } from "../../src/registry/history/lockedName.js";
import { nameState } from "../../src/registry/names/nameState.js";
import type { StoredName } from "../../src/registry/names/storedName.js";
import type { NameStore } from "../../src/registry/store.js";

export async function putName(store: NameStore, name: StoredName): Promise<void> {
  await store.changeNames([{ node: name.node }], (known) => changeTo(known, name));
}

/** The change that leads to a state, with an entry that tells of it. */
export function changeTo(
  known: KnownName,
  after: StoredName,
  changes: Partial<NameChange> = {},
): NameChange {
  const { sealed, end } = appendEntry(known.end, {
    name: after.name,
    atMs: 0,
    authority: { kind: "database" },
    action: "found",
    before: null,
    after: nameState(after),
  });
  return {
    after,
    retired: [],
    signatureState: known.signatureState,
    entries: [sealed],
    end,
    ...changes,
  };
}
