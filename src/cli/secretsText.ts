/** What `signpost secrets` tells a person. */
import { nameOfColumn, textOfRow } from "../sealing/place.js";
import type { RewrapReport } from "../sealing/rewrap.js";
import type { RotationReport } from "../sealing/rotation.js";
import type {
  DataKeyStatus,
  Presence,
  SealingStatus,
  WrappingKeyStatus,
} from "../sealing/sealingStatus.js";
import { counted } from "../terminal/counted.js";

export function statusLines({ wrappingKeys, dataKeys }: SealingStatus): readonly string[] {
  const noKey = ["SECRETS_KEY_LOCATION is not set; nothing can be sealed."];
  return [
    ...(wrappingKeys.length === 0 ? noKey : wrappingKeys.map(wrappingKeyLine)),
    ...(dataKeys.length === 0 ? ["There are no secrets in this database."] : []),
    ...dataKeys.map(dataKeyLine),
  ];
}

/** A backup holds the data keys as they were wrapped when it was made. */
const REMOVAL =
  ": take it out of the settings, but keep the key itself as long as any backup from before";

const NOT_HERE: Readonly<Record<Presence, string>> = {
  here: "",
  unknown: "not known",
  gone: "NOT HERE",
};

function wrappingKeyLine(key: WrappingKeyStatus, index: number): string {
  const role = index === 0 ? "key" : "former key";
  const known = key.id ?? `${NOT_HERE[key.presence]}: ${key.trouble ?? ""}`;
  const use =
    key.dataKeys === 0
      ? `wraps nothing in this database${index === 0 ? "" : REMOVAL}`
      : `wraps ${counted(key.dataKeys, "data key", "data keys")}`;
  return `${role}  ${known}  ${key.description}${key.id === null ? "" : `, ${use}`}`;
}

function dataKeyLine(key: DataKeyStatus): string {
  const counts = Object.entries(key.values).map(([column, count]) => `${count} in ${column}`);
  const values = counts.length === 0 ? "seals nothing that is known here" : counts.join(", ");
  const isHere = {
    true: "",
    false: ", WHICH IS NOT HERE",
    null: ", which may be here: KMS did not say",
  }[String(key.isHere) as "true" | "false" | "null"];
  const madeAt = new Date(key.createdMs).toISOString();
  return `data key  ${key.id}  ${key.state}, made at ${madeAt}, wrapped by ${key.wrappingKey}${isHere}: ${values}`;
}

export function reportLines(report: RotationReport): readonly string[] {
  const { rewrapped, moved, dropped, left, leftBefore, unreadable } = report;
  return [
    ...unreadable.first.map(
      ({ column, row }) => `unreadable  ${nameOfColumn(column)}  ${textOfRow(row).join(" ")}`,
    ),
    ...left.map(
      (id) =>
        `left  ${id}  needed by secrets that are unreadable, because its key is lost or they were altered, or of a capability that this version does not know`,
    ),
    ...leftBefore.map(leftBeforeLine),
    `${counted(moved, "secret was", "secrets were")} sealed anew; ${counted(dropped.length, "data key is", "data keys are")} gone, ${counted(left.length, "was", "were")} left, ${counted(rewrapped, "was", "were")} wrapped anew; ${counted(unreadable.count, "secret is", "secrets are")} unreadable.`,
  ];
}

export function rewrapLines({ rewrapped, left, leftBefore }: RewrapReport): readonly string[] {
  return [
    ...left.map((id) => `left  ${id}  it cannot be opened: its key is not here, or it was altered`),
    ...leftBefore.map(leftBeforeLine),
    `${counted(rewrapped, "data key was", "data keys were")} wrapped by the present key, ${counted(left.length, "was", "were")} left.`,
  ];
}

function leftBeforeLine(id: string): string {
  return `left before  ${id}  its key is still not here; set the secrets that need it anew`;
}
