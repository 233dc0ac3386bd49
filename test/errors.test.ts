/** The error type, when the code is compiled (`npm run typecheck`) and when it runs. */
import { expect } from "chai";
import {
  type ErrorCode,
  type ErrorDetails,
  isSignpostError,
  SignpostError,
} from "../src/errors.js";

type Same<A, B> = [A, B] extends [B, A] ? true : false;

const taken = new SignpostError("NAME_TAKEN", "Taken.", { name: "a.eth", owner: "0x1" });
const late = new SignpostError("WRONG_SEQUENCE", "Late.", { name: "a.eth", next: 3 });

/** A thrown value, of which the compiler knows nothing. */
const thrown = (error: SignpostError): unknown => error;

describe("errors", () => {
  it("tell by their code what their details are", () => {
    const error = thrown(late);
    if (!isSignpostError(error, "WRONG_SEQUENCE")) throw new Error("expected WRONG_SEQUENCE");
    true satisfies Same<typeof error.code, "WRONG_SEQUENCE">;
    true satisfies Same<typeof error.details.name, string>;
    true satisfies Same<typeof error.details.next, number | undefined>;
    // what else is known stands beside it, and has to be looked at first
    true satisfies Same<(typeof error.details)["item"], unknown>;
    expect(error.details.next).to.equal(3);
  });

  it("tell of several codes which it is", () => {
    const nextOf = (error: unknown): number | string | null => {
      if (!isSignpostError(error, "WRONG_SEQUENCE", "NAME_TAKEN")) return null;
      true satisfies Same<typeof error.details.name, string>;
      // @ts-expect-error one of the two codes promises no sequence
      const next: number | undefined = error.details.next;
      return error.code === "WRONG_SEQUENCE" ? (error.details.next ?? 0) : `${String(next)} known`;
    };
    expect([late, taken, new Error()].map(nextOf)).to.deep.equal([3, "undefined known", null]);
  });

  it("of any code are told apart by it", () => {
    const ownerOf = (error: unknown): string | undefined => {
      if (!isSignpostError(error)) return undefined;
      true satisfies Same<typeof error.code, ErrorCode>;
      return error.code === "NAME_TAKEN" ? error.details.owner : error.code;
    };
    expect([late, taken, null].map(ownerOf)).to.deep.equal(["WRONG_SEQUENCE", "0x1", undefined]);
  });

  it("take no other codes, and no other details", () => {
    true satisfies Same<ErrorDetails["NAME_RESERVED"], { name: string }>;
    // never called: the compiler's word is enough
    () => [
      // @ts-expect-error there is no such code
      new SignpostError("NAME_ON_FIRE", "Fire."),
      // @ts-expect-error the details are missing
      new SignpostError("NAME_RESERVED", "Reserved."),
      // @ts-expect-error the name is missing
      new SignpostError("NAME_RESERVED", "Reserved.", {}),
      // @ts-expect-error a name is no number
      new SignpostError("NAME_RESERVED", "Reserved.", { name: 1 }),
      // @ts-expect-error nobody promised a colour
      new SignpostError("NAME_RESERVED", "Reserved.", { name: "a.eth", colour: "red" }),
      // a common code may tell anything
      new SignpostError("INTERNAL", "Broken."),
      new SignpostError("INTERNAL", "Broken.", { colour: "red" }, { cause: null }),
      // @ts-expect-error there is no such code
      isSignpostError(taken, "NAME_ON_FIRE"),
    ];
  });

  it("are known by name and form, also from another copy of the module", () => {
    const from = (parts: object, name = "SignpostError") =>
      Object.assign(new Error("Elsewhere."), { name, code: "NAME_TAKEN", details: {}, ...parts });
    expect(from({})).to.be.instanceOf(SignpostError);
    expect(isSignpostError(from({}), "NAME_TAKEN")).to.equal(true);
    expect(isSignpostError(from({}), "NAME_RESERVED")).to.equal(false);
    const others = [
      from({ code: 7 }),
      from({ code: undefined }),
      from({ details: null }),
      from({ details: undefined }),
      from({}, "Error"),
      { name: "SignpostError", code: "NAME_TAKEN", details: {} },
      null,
    ];
    for (const other of others) expect(isSignpostError(other)).to.equal(false);
  });

  it("keep cause and details", () => {
    const cause = new Error("Why.");
    const error = new SignpostError("INTERNAL", "Broken.", { colour: "red" }, { cause });
    expect(error).to.include({
      name: "SignpostError",
      code: "INTERNAL",
      message: "Broken.",
      cause,
    });
    expect(error.details).to.deep.equal({ colour: "red" });
    expect(new SignpostError("INTERNAL", "Broken.").details).to.deep.equal({});
    expect("cause" in new SignpostError("INTERNAL", "Broken.")).to.equal(false);
  });
});
