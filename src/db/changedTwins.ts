/** Twins among names that are changed together: what was read of them before is not true any more for the second one. */
import type { KnownName, NameTarget } from "../registry/history/lockedName.js";
import { ownerOf } from "../registry/names/nameOwner.js";
import type { StoredName } from "../registry/names/storedName.js";
import type { Twins } from "../registry/names/twins.js";

type OwnedTwin = Twins["owned"][number];

export interface ChangedTwins {
  /** The name with its twins as the changes before this one leave them. */
  seen(known: KnownName, target: NameTarget): KnownName;
  note(target: NameTarget, after: StoredName | null): void;
}

export function changedTwins(): ChangedTwins {
  /** By form; null where no wallet owns the name afterwards. */
  const changed = new Map<string, Map<string, OwnedTwin | null>>();

  return {
    seen(known, target) {
      const others = changed.get(formOf(target) ?? "");
      if (others === undefined) return known;
      const before = known.twins.owned.filter(({ name }) => !others.has(name));
      const now = [...others.values()].filter((twin) => twin !== null);
      return { ...known, twins: { ...known.twins, owned: [...before, ...now] } };
    },
    note(target, after) {
      const form = formOf(target);
      if (form === null || !target.place) return;
      const { name } = target.place;
      const owner = after && ownerOf(after);
      const others = changed.get(form) ?? new Map<string, OwnedTwin | null>();
      changed.set(form, others.set(name, owner && { name, owner }));
    },
  };
}

/** Two names of one form are twins only under one domain. */
function formOf({ place, sharedForm }: NameTarget): string | null {
  return place && sharedForm !== undefined ? `${place.domain} ${sharedForm}` : null;
}
