/** Changes and states, for a person to read. */
import pc from "picocolors";
import { type Change, differingFields, type Fields } from "../../admin/change.js";
import { ether } from "../../chain/etherText.js";
import type { Cost } from "../../chain/rehearsal.js";
import { foreignText } from "../../fetch/foreignText.js";

const LABELS: Readonly<Record<string, string>> = {
  owner: "owner",
  pendingOwner: "offered to",
  signers: "gatewaySigners",
  urls: "gateway URLs",
  maxValiditySec: "longest validity",
  metadataUrls: "metadata URLs",
  operationUrl: "writers go to",
  resolver: "resolver",
  publicEncryptionKey: "encryption key",
  publicSigningKey: "signing key",
  deliveryServices: "relay nodes",
};

const COLUMN = 18;

/** In characters; a resolver takes URLs of 1024 bytes. */
const LONGEST_VALUE = 1100;

/** What would change: each field before and after, item by item where it is a list. */
export function changeLines(change: Change): string[] {
  const fields = differingFields(change.after, change.before);
  return [
    pc.bold(change.title),
    ...fields.flatMap((field) =>
      columns(field, differences(valuesOf(change.before, field), valuesOf(change.after, field))),
    ),
    ...columns("sent by", [change.sender]),
    ...change.notes.map((note) => `  ${pc.yellow("!")} ${note}`),
  ];
}

/** Lists of several values are compared item by item; a single one is shown as it was and as it will be. */
function differences(before: readonly string[], after: readonly string[]): string[] {
  if (before.length <= 1 && after.length <= 1) {
    return [`${before[0] ?? "none"} -> ${pc.bold(after[0] ?? "none")}`];
  }
  return [
    ...before.filter((value) => !after.includes(value)).map((value) => pc.red(`- ${value}`)),
    ...after.map((value) => (before.includes(value) ? `  ${value}` : pc.green(`+ ${value}`))),
  ];
}

/** A state, one field a line, lists one item a line. */
export function fieldLines(fields: Fields): string[] {
  return Object.keys(fields).flatMap((field) => {
    const values = valuesOf(fields, field);
    return columns(field, values.length === 0 ? [pc.dim("none")] : values);
  });
}

export function costLine({ gas, fee, mostFee }: Omit<Cost, "bounds">): string {
  return `  ${"costs".padEnd(COLUMN)}${gas.toString()} gas, about ${ether(fee)} (at most ${ether(mostFee)})`;
}

export function columns(field: string, values: readonly string[]): string[] {
  const label = LABELS[field] ?? field;
  return values.map((value, index) => `  ${(index === 0 ? label : "").padEnd(COLUMN)}${value}`);
}

function valuesOf(fields: Fields, field: string): readonly string[] {
  // URLs come from the chain, and whoever owns a resolver chooses them
  const values = (fields[field] ?? []).map((value) => foreignText(value, LONGEST_VALUE));
  return field === "maxValiditySec" ? values.map((value) => `${value} s`) : values;
}

export function nextStepLines(steps: readonly string[]): string[] {
  return steps.length === 0 ? [] : ["", "Next:", ...steps.map((step) => `  ${step}`)];
}
