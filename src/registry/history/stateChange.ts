/** The difference between two states of a name: what a history entry keeps of them. */
import { stringify } from "../../dm3/stringify.js";
import type { NameState } from "../names/nameState.js";

/** Kinds of records that hold many: of these, a change tells only the keys that differ. */
const MAPS = ["addresses", "texts", "abis", "data", "interfaces"] as const;
type MapKind = (typeof MAPS)[number];
type RecordMap = Readonly<Record<string, string>>;

/** In a map, null stands for a key that is gone. */
type StatePatch = Partial<Omit<NameState, MapKind>> &
  Partial<Record<MapKind, Readonly<Record<string, string | null>>>>;

/** The whole new state where a name begins or ends, otherwise only what differs. */
export type StateChange = { readonly to: NameState | null } | { readonly patch: StatePatch };

export function changeBetween(before: NameState | null, after: NameState | null): StateChange {
  if (before === null || after === null) return { to: after };
  const maps = MAPS.map((kind) => [kind, mapPatch(before[kind], after[kind])] as const);
  const whole = Object.entries(after).filter(
    ([key, value]) =>
      !isMapKind(key) && stringify(value) !== stringify(before[key as keyof NameState]),
  );
  const changedMaps = maps.filter(([, patch]) => Object.keys(patch).length > 0);
  return { patch: Object.fromEntries([...whole, ...changedMaps]) as StatePatch };
}

/** The other direction: what a history leads to. */
export function applyChange(before: NameState | null, change: StateChange): NameState | null {
  if ("to" in change) return change.to;
  if (before === null) return null;
  const maps = MAPS.map((kind) => [kind, patchedMap(before[kind], change.patch[kind] ?? {})]);
  return { ...before, ...change.patch, ...(Object.fromEntries(maps) as Pick<NameState, MapKind>) };
}

function isMapKind(key: string): key is MapKind {
  return (MAPS as readonly string[]).includes(key);
}

function mapPatch(before: RecordMap, after: RecordMap): Record<string, string | null> {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const changed = Object.entries(after).filter(
    ([key, value]) => !Object.hasOwn(before, key) || before[key] !== value,
  );
  return Object.fromEntries([...gone.map((key) => [key, null] as const), ...changed]);
}

function patchedMap(
  before: RecordMap,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const kept = Object.entries(before).filter(([key]) => !Object.hasOwn(patch, key));
  const set = Object.entries(patch).flatMap(([key, value]) =>
    value === null ? [] : [[key, value] as const],
  );
  return Object.fromEntries([...kept, ...set]);
}
