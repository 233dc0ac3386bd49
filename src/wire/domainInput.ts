/** Suspended and reserved names, as the service reads them. */
import { z } from "zod";
import { parseUrl } from "../dm3/profile/secureUrl.js";
import { LONGEST_NAME } from "../ens/dnsName.js";
import type { ReservationInput } from "./domain.js";
import { address } from "./nameInput.js";

const MOST_RESERVATIONS = 1000;
/** 9999-12-31, the last day that dates are written with four digits of a year. */
const LAST_MS = 253_402_214_400_000;

const LONGEST_URL = 2_000;

export const frozenInputSchema = z.strictObject({
  /** The service where the domain is changed from now on. */
  to: z
    .string()
    .max(LONGEST_URL)
    .refine(isServiceUrl, "must be the http: or https: URL of a service"),
  /** Which mirror asks: the same one may ask again. */
  by: z.uuid().nullable().default(null),
});

/** Which mirror asks; null: none that it says. */
export const frozenForQuery = z.strictObject({ by: z.uuid().nullable().default(null) });

export function isServiceUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "";
}

export const suspensionSchema = z.strictObject({
  /** Shown to the service and to the owner. */
  reason: z
    .string()
    .min(1)
    .max(500)
    .refine(
      (text) => text.isWellFormed() && !text.includes("\0"),
      "must be valid Unicode without U+0000",
    ),
});

/** A name or the beginning of one, as a place in a list: of any text, but for what no database holds. */
export const nameText = z
  .string()
  .max(LONGEST_NAME)
  .regex(/^[^\0]*$/, "must not hold the character U+0000");

export const reservationInputSchema = z.strictObject({
  /** The wallet that the name is kept for; null for nobody's. */
  wallet: address.nullable().default(null),
  /** Unix time in milliseconds; null for good. */
  untilMs: z.int().min(0).max(LAST_MS).nullable().default(null),
}) satisfies z.ZodType<unknown, ReservationInput>;

export const reservationsQuery = z.strictObject({
  after: nameText.default(""),
  limit: z.coerce.number().int().min(1).max(MOST_RESERVATIONS).default(MOST_RESERVATIONS),
});
