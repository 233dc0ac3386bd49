import { expect } from "chai";
import {
  formatNativeAddress,
  isNativeAddress,
  parseNativeAddress,
} from "../../../src/messaging/address/nativeAddress.js";
import type { NetworkKind } from "../../../src/messaging/address/virtualAddress.js";
import { expectError } from "../../expectError.js";

describe("messaging/address/nativeAddress", () => {
  const canonical = (text: string, kind: NetworkKind) =>
    formatNativeAddress(parseNativeAddress(text, kind));

  it("knows an address by one form", () => {
    expect(canonical("Bob.Miller+dm3@Mail.Example", "mail")).to.equal(
      "bob.miller+dm3@mail.example",
    );
    expect(canonical("Bob@Chat.Example", "xmpp")).to.equal("bob@chat.example");
    expect(canonical("Jürgen@chat.example", "xmpp")).to.equal("jürgen@chat.example");
    expect(canonical("bob@localhost", "mail")).to.equal("bob@localhost");
  });

  for (const [problem, text, kinds] of [
    ["no @", "bob", ["mail", "xmpp"]],
    ["no local part", "@mail.example", ["mail", "xmpp"]],
    ["no domain", "bob@", ["mail", "xmpp"]],
    ["an empty label", "bob@mail..example", ["mail", "xmpp"]],
    ["a hyphen at the edge of a label", "bob@-mail.example", ["mail", "xmpp"]],
    ["an address for a domain", "bob@[127.0.0.1]", ["mail", "xmpp"]],
    ["a domain that is not ASCII", "bob@münchen.example", ["mail", "xmpp"]],
    ["a domain that lower case makes ASCII", "bob@\u212adomain.example", ["mail", "xmpp"]],
    ["a local part that is too long for mail", `${"a".repeat(65)}@mail.example`, ["mail"]],
    ["one that is too long for XMPP", `${"ü".repeat(600)}@chat.example`, ["xmpp"]],
    ["a quoted local part", '"bob"@mail.example', ["mail", "xmpp"]],
    ["two dots", "bob..miller@mail.example", ["mail"]],
    ["a parameter", "bob> SIZE=1@mail.example", ["mail", "xmpp"]],
    ["a line end", "bob\r\n@mail.example", ["mail", "xmpp"]],
    ["a second @", "bob@a@mail.example", ["mail", "xmpp"]],
    ["a local part of mail that is not ASCII", "jürgen@mail.example", ["mail"]],
    ["one that lower case makes ASCII", "\u212aarl@mail.example", ["mail", "xmpp"]],
    ["a resource", "bob@chat.example/phone", ["xmpp"]],
    ["a letter that is folded to two", "straße@chat.example", ["xmpp"]],
    ["a sigma at the end of a word", "σίγμας@chat.example", ["xmpp"]],
    ["a letter of full width", "\uff42ob@chat.example", ["xmpp"]],
    ["something invisible", "bo\u00adb@chat.example", ["xmpp"]],
  ] as const) {
    it(`refuses ${problem}`, () => {
      for (const kind of kinds) {
        expectError(() => parseNativeAddress(text, kind), "INVALID_REQUEST", /local@domain/);
      }
    });
  }

  it("tells whether an address is in this form", () => {
    expect(isNativeAddress({ localPart: "bob", domain: "mail.example" }, "mail")).to.equal(true);
    expect(isNativeAddress({ localPart: "Bob", domain: "mail.example" }, "mail")).to.equal(false);
    expect(isNativeAddress({ localPart: "bob", domain: "Mail.example" }, "mail")).to.equal(false);
    expect(isNativeAddress({ localPart: "b b", domain: "mail.example" }, "xmpp")).to.equal(false);
  });
});
