/** What the registry's commands end with beside the codes of every command. */
import type { GatewayErrors } from "../../gateway/errorCodes.js";
import type { SourceErrors } from "../../registry/sources/errorCodes.js";
import { FAILED, NOT_AVAILABLE } from "../../terminal/exitStatus.js";
import type { RegistryErrors } from "../../wire/errorCodes.js";

type Code =
  | keyof (GatewayErrors & SourceErrors)
  | keyof Pick<RegistryErrors, "UNKNOWN_DOMAIN" | "NAME_TAKEN" | "FORBIDDEN">;

export const REGISTRY_EXIT_STATUSES: Readonly<Record<Code, number>> = {
  UNKNOWN_DOMAIN: FAILED,
  NAME_TAKEN: FAILED,
  FORBIDDEN: FAILED,
  SIGNER_UNAVAILABLE: NOT_AVAILABLE,
  SOURCE_UNAVAILABLE: NOT_AVAILABLE,
};
