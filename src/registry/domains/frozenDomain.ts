import { SignpostError } from "../../errors.js";
import type { Domain } from "./domain.js";

/** Throws DOMAIN_FROZEN where names and reservations of the domain are not changed here. */
export function assertNotFrozen({ name, frozen }: Domain): void {
  if (frozen === null) return;
  const { to } = frozen;
  const where =
    to === null
      ? "It is changed at another installation; ask its operator where."
      : `It has moved: send the change to ${to}.`;
  throw new SignpostError(
    "DOMAIN_FROZEN",
    `The domain ${name} is answered for, but not changed here. ${where}`,
    { domain: name, ...(to !== null && { to }) },
  );
}
