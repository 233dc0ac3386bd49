/** The exit statuses of commands whose codes are their own: those here, and those of each capability. */
import { CAPABILITIES } from "../capabilities/list.js";
import type { ChainErrors } from "../chain/errorCodes.js";
import type { FetchErrors } from "../fetch/errorCodes.js";
import type { LookupErrors } from "../lookup/errorCodes.js";
import type { SealingErrors } from "../sealing/errorCodes.js";
import { type ExitStatuses, FAILED, WRONG_INPUT } from "../terminal/exitStatus.js";

const HERE: Readonly<
  Record<keyof (FetchErrors & ChainErrors & LookupErrors & SealingErrors), number>
> = {
  FORBIDDEN_ADDRESS: WRONG_INPUT,
  TRANSACTION_REFUSED: FAILED,
  TRANSACTION_FAILED: FAILED,
  NOT_WRITABLE: FAILED,
  SECRETS_KEY_MISSING: WRONG_INPUT,
  SECRET_UNREADABLE: FAILED,
};

export const EXIT_STATUSES: readonly ExitStatuses[] = [
  HERE,
  ...CAPABILITIES.map(({ exitStatuses }) => exitStatuses),
];
