import { expect } from "chai";
import { assertSecureUrl, secureUrlProblem } from "../../../src/dm3/profile/secureUrl.js";
import { expectError } from "../../expectError.js";

describe("URLs in profiles", () => {
  for (const url of [
    "https://relay.example",
    "https://relay.example/ds",
    "HTTPS://relay.example:8443/ds?x=1",
    "https://relay.example/a@b",
    "http://localhost:3000/ds",
    "http://127.0.0.1:3000",
    "http://127.8.9.1/",
    "http://[::1]:8080/ds",
    `https://relay.example/${"a".repeat(2048 - 22)}`,
  ]) {
    it(`may be ${url.slice(0, 60)}`, () => {
      expect(secureUrlProblem(url)).to.equal(null);
    });
  }

  for (const [rule, url, message] of [
    ["http to another host", "http://relay.example/ds", /loopback/],
    ["http to a name that begins like a loopback host", "http://127.0.0.1.example", /loopback/],
    ["http to a name below localhost", "http://localhost.example", /loopback/],
    ["http to a private address", "http://10.0.0.1/ds", /loopback/],
    ["http to any address", "http://0.0.0.0/ds", /loopback/],
    ["another scheme", "ftp://relay.example", /absolute https/],
    ["javascript", "javascript:alert(1)", /absolute https/],
    ["relative", "/ds", /absolute https/],
    ["without slashes", "https:relay.example", /absolute https/],
    ["with backslashes", "https:\\\\relay.example", /absolute https/],
    ["with a backslash after the host", "https://relay.example\\@evil.example", /absolute https/],
    ["with a user name", "https://user@relay.example", /user name/],
    ["with a password", "https://user:secret@relay.example", /user name/],
    ["with an empty user name", "https://@relay.example", /user name/],
    ["with a fragment", "https://relay.example/#top", /fragment/],
    ["with an empty fragment", "https://relay.example/#", /fragment/],
    ["with an impossible port", "https://relay.example:99999/", /absolute https/],
    ["without a host", "https:///ds", /absolute https/],
    ["with a space in front", " https://relay.example", /ASCII without spaces/],
    ["with a line end", "https://relay.example/\nds", /ASCII without spaces/],
    ["with letters beyond ASCII", "https://rélay.example", /percent encoding/],
    ["of 2049 characters", `https://relay.example/${"a".repeat(2048 - 21)}`, /2048 characters/],
    ["empty", "", /ASCII/],
  ] as const) {
    it(`must not be ${rule}`, () => {
      expect(secureUrlProblem(url)).to.match(message);
      expectError(
        () => {
          assertSecureUrl(url);
        },
        "INVALID_PROFILE",
        message,
      );
    });
  }
});
