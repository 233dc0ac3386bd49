/**
 * The form of a state, and of a change that leads to one: closed, with the type of each field. Whoever wrote an export can
 * have written anything there. What records mean, and how many there may be, `assertShown` asks of the last state alone.
 */
import { z } from "zod";
import type { NameState } from "../../registry/names/nameState.js";
import { parseInput } from "../../wire/parseInput.js";
import { isPlainState } from "./plainState.js";

const bytes = z.string().regex(/^0x(?:[0-9a-f]{2})*$/, "must be 0x and bytes in lower-case hex");
const bytesOf = (count: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${count * 2}}$`), `must be ${count} bytes in lower-case hex`);
const decimal = z.string().regex(/^(?:0|[1-9][0-9]{0,77})$/, "must be a decimal number");
const interfaceId = z.string().regex(/^0x[0-9a-f]{8}$/, "must be an interface id");
/** The latest that a `Date` can say. */
const LAST_MS = 8_640_000_000_000_000;

const owner = bytesOf(20);
const isAddressOfEther = (key: string, value: unknown) =>
  key !== "60" || value === null || owner.safeParse(value).success;

/** Of each kind of records that holds many; in a patch null stands for a key that is gone. */
function mapsOf<Value extends z.ZodType>(valueOf: (value: z.ZodString) => Value) {
  return {
    addresses: z
      .record(decimal, valueOf(bytes))
      .refine(
        (map) => Object.entries(map).every(([key, value]) => isAddressOfEther(key, value)),
        "must have 20 bytes at 60",
      ),
    texts: z.record(z.string(), valueOf(z.string())),
    abis: z.record(decimal, valueOf(bytes)),
    data: z.record(z.string(), valueOf(bytes)),
    interfaces: z.record(interfaceId, valueOf(owner)),
  };
}

const others = {
  name: z.string(),
  domain: z.string(),
  contenthash: bytes.nullable(),
  nameRecord: z.string().nullable(),
  pubkey: z.strictObject({ x: bytesOf(32), y: bytesOf(32) }).nullable(),
  profileFingerprint: bytesOf(32).nullable(),
  held: z.boolean(),
  suspension: z
    .strictObject({
      by: z.enum(["service", "admin"]),
      reason: z.string(),
      atMs: z.number().int().min(-LAST_MS).max(LAST_MS),
    })
    .nullable(),
};

/** Of `NameState`. */
export const stateForm = z.strictObject({ ...others, ...mapsOf((value) => value) });
const toForm: z.ZodType = z.strictObject({ to: stateForm.nullable() });
const patchForm: z.ZodType = z.strictObject({
  patch: z.strictObject({ ...others, ...mapsOf((value) => value.nullable()) }).partial(),
});

/** Throws INVALID_REQUEST, with the field. */
export function assertStateForm(given: NameState): void {
  if (isPlainState(given)) return;
  parseInput<unknown>(stateForm, "Its state", given);
}

/** Throws INVALID_REQUEST, with the field. */
export function assertChangeForm(given: unknown): void {
  const change = Object(given ?? {}) as object;
  const isWhole = Object.hasOwn(change, "to");
  if (isWhole && isPlainChange(change)) return;
  parseInput<unknown>(isWhole ? toForm : patchForm, "Its change", given);
}

function isPlainChange(change: { readonly to?: unknown }): boolean {
  return Object.keys(change).length === 1 && isPlainState(change.to);
}
