import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { decodeInnerCall } from "../../src/ccip/innerCall.js";
import { namehash } from "../../src/ens/namehash.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import { resolvableName } from "../../src/ens/resolvableName.js";
import { addr, multicall, text } from "../../src/ens/resolverFunctions.js";
import { expectError } from "../expectError.js";

const asked = resolvableName("alice.users.example.eth");
const own = asked.node;
const other = namehash("bob.users.example.eth");

describe("ccip/innerCall", () => {
  it("decodes what is asked about the name", () => {
    const query = decodeInnerCall(asked, text.encodeInput(own, "avatar"));
    expect(query.functionName).to.equal("text");
    expect(toHex(query.answer(NO_RECORDS))).to.equal(toHex(text.encodeOutput("")));
  });

  it("refuses an inner call about another name, also inside a multicall", () => {
    const sentence = /asks about another name than alice\.users\.example\.eth/;
    expectError(
      () => decodeInnerCall(asked, addr.encodeInput(other)),
      "INVALID_CALL_DATA",
      sentence,
    );
    const mixed = multicall.encodeInput([addr.encodeInput(own), addr.encodeInput(other)]);
    expectError(() => decodeInnerCall(asked, mixed), "INVALID_CALL_DATA", sentence);
  });
});
