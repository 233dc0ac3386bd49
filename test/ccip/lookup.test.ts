import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { decodeLookup } from "../../src/ccip/lookup.js";
import { encodeDnsName } from "../../src/ens/dnsName.js";
import { namehash } from "../../src/ens/namehash.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import { addr, multicall, text } from "../../src/ens/resolverFunctions.js";
import { expectError } from "../expectError.js";

const NAME = "alice.users.example.eth";
const own = namehash(NAME);
const other = namehash("bob.users.example.eth");
const dnsName = encodeDnsName(NAME);

describe("ccip/lookup", () => {
  it("decodes name, node and query", () => {
    const lookup = decodeLookup(dnsName, text.encodeInput(own, "avatar"));
    expect(lookup.name).to.equal(NAME);
    expect(toHex(lookup.node)).to.equal(toHex(own));
    expect(toHex(lookup.answer(NO_RECORDS))).to.equal(toHex(text.encodeOutput("")));
  });

  it("refuses an inner call about another name, also inside a multicall", () => {
    const sentence = /asks about another name than alice\.users\.example\.eth/;
    expectError(
      () => decodeLookup(dnsName, addr.encodeInput(other)),
      "INVALID_CALL_DATA",
      sentence,
    );
    const mixed = multicall.encodeInput([addr.encodeInput(own), addr.encodeInput(other)]);
    expectError(() => decodeLookup(dnsName, mixed), "INVALID_CALL_DATA", sentence);
  });

  it("refuses a name that is not in normal form, even with its own node", () => {
    const shouted = "Alice.users.example.eth";
    expectError(
      () => decodeLookup(encodeDnsName(shouted), addr.encodeInput(namehash(shouted))),
      "INVALID_NAME",
      /use "alice\.users\.example\.eth"/,
    );
  });
});
