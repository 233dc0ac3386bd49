/** The end of an express router: a thrown error as the JSON in which the service API refuses. */
import type { ErrorRequestHandler } from "express";
import type { SignpostError } from "../errors.js";
import { leaveUnread } from "./body/leaveUnread.js";
import { requestIdOf } from "./requestId.js";
import { shownError, type Statuses } from "./shownError.js";

export type ReportFailure = (error: SignpostError, requestId?: string) => void;

export function refuse(
  statuses: Statuses<never>,
  reportFailure: ReportFailure,
  describe: (error: SignpostError, requestId: string) => object = describeError,
): ErrorRequestHandler {
  // express knows an error handler by its four parameters
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (thrown, request, response, _next) => {
    const { error, status } = shownError(thrown, statuses);
    const requestId = requestIdOf(request);
    if (status >= 500) reportFailure(error, requestId);
    if (response.headersSent) {
      // nothing else tells the client that the answer is not whole
      response.destroy();
      return;
    }
    const { retryAfterSec } = error.details as { readonly retryAfterSec?: number };
    if (retryAfterSec !== undefined) response.setHeader("retry-after", String(retryAfterSec));
    leaveUnread(request, response);
    response.status(status).json(describe(error, requestId));
  };
}

function describeError({ code, message, details }: SignpostError, requestId: string) {
  return { code, message, details, requestId };
}
