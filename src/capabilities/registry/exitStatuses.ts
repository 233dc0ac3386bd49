/** What the registry's commands end with beside the codes of every command. */
import type { GatewayErrors } from "../../gateway/errorCodes.js";
import type { MirrorErrors } from "../../mirror/errorCodes.js";
import type { SourceErrors } from "../../registry/sources/errorCodes.js";
import { FAILED, NOT_AVAILABLE, WRONG_INPUT } from "../../terminal/exitStatus.js";
import type { TransferErrors } from "../../transfer/errorCodes.js";
import type { RegistryErrors } from "../../wire/errorCodes.js";

type Code =
  | keyof (GatewayErrors & SourceErrors & TransferErrors & MirrorErrors)
  | keyof Pick<
      RegistryErrors,
      "UNKNOWN_DOMAIN" | "NAME_TAKEN" | "FORBIDDEN" | "DOMAIN_FROZEN" | "LIMIT_EXCEEDED"
    >;

export const REGISTRY_EXIT_STATUSES: Readonly<Record<Code, number>> = {
  UNKNOWN_DOMAIN: FAILED,
  NAME_TAKEN: FAILED,
  FORBIDDEN: FAILED,
  DOMAIN_FROZEN: FAILED,
  LIMIT_EXCEEDED: NOT_AVAILABLE,
  SIGNER_UNAVAILABLE: NOT_AVAILABLE,
  SOURCE_UNAVAILABLE: NOT_AVAILABLE,
  EXPORT_MALFORMED: WRONG_INPUT,
  EXPORT_CUT_OFF: WRONG_INPUT,
  MIRROR_NOT_READY: FAILED,
  PROMOTION_CUT_OFF: FAILED,
};
