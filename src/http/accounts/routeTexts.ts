/** What the reference says where a route of accounts refuses, by our codes. */
import type { RouteRefusals } from "./routeRefusals.js";

const unresolvable = (what: string) => (_error: unknown, named: string) => ({
  message: `could not ${what} profile for ${named}. Unable to resolve address`,
});

export const SHOWING: RouteRefusals = {
  NOT_FOUND: { status: 400, body: unresolvable("get") },
};

export const SIGN_UP: RouteRefusals = {
  INVALID_REQUEST: { status: 400, body: () => ({ error: "invalid schema" }) },
  INVALID_PROFILE: { status: 400, body: () => ({ error: "invalid schema" }) },
  NOT_FOUND: { status: 400, body: unresolvable("submit") },
  WRONG_SIGNER: {
    status: 400,
    body: ({ message }) => ({ message: "Couldn't store profile", error: message }),
  },
};

/** By these words dm3's client signs up again. */
const SIGN_UP_AGAIN = () => ({ error: "Signature invalid" });

export const CHALLENGE: RouteRefusals = {
  NO_ACCOUNT: { status: 404, body: SIGN_UP_AGAIN },
};

export const SIGN_IN: RouteRefusals = {
  NO_ACCOUNT: { status: 400, body: SIGN_UP_AGAIN },
  WRONG_SIGNER: { status: 400, body: SIGN_UP_AGAIN },
  INVALID_REQUEST: { status: 400, body: () => ({ error: "invalid signature length" }) },
  CHALLENGE_INVALID: { status: 400, body: () => ({ error: "invalid token" }) },
};
