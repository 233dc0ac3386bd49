/** Live delivery over socket.io. */
import { failed, notApplicable, passed, warning } from "../../doctor/line.js";
import { afterSubmit } from "./submitChecks.js";

const connects = afterSubmit("live-connects", ({ live: { refusals } }) => {
  const refused = refusals.find((reason) => reason !== null);
  return refused === undefined
    ? passed("socket.io by the token, greeted by authorized")
    : failed(
        `a live connection with a good token: ${refused}`,
        "Serve socket.io 4 at /socket.io/ of the URL's host, WebSockets included, and emit authorized.",
      );
});

const badToken = afterSubmit("live-bad-token", ({ live: { refusals, badToken: refused } }) => {
  if (refusals.some((reason) => reason !== null)) return notApplicable("nobody can listen");
  return refused !== null
    ? passed("a token that is none is refused")
    : failed(
        "a live connection with a token that is none is let in",
        "Check the token before a connection is let in.",
      );
});

const pushed = afterSubmit("live-push", ({ live: { refusals, pushed: received } }) => {
  if (refusals.some((reason) => reason !== null)) return notApplicable("nobody can listen");
  const count = received.filter(Boolean).length;
  if (count === received.length) return passed("every connection of the account is told");
  return count > 0
    ? warning(
        `${count} of ${received.length} connections of one account are told of a message`,
        "Tell all: after a 401 dm3's client opens a new one, and listens on the old one.",
      )
    : failed(
        "a new message is not pushed to open connections",
        "Emit message with the envelope as it is served.",
      );
});

export const LIVE_CHECKS = [connects, badToken, pushed] as const;
