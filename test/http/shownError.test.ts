import { expect } from "chai";
import { type ErrorCode, SignpostError } from "../../src/errors.js";
import { LOOKUP_STATUS } from "../../src/http/ccip/lookupStatus.js";
import { shownError, toSignpostError } from "../../src/http/shownError.js";
import { SERVICE_STATUS } from "../../src/http/v1/serviceStatus.js";
import { serviceDetails } from "../../src/wire/refusal.js";

const codesFrom500 = (statuses: object) =>
  Object.entries(statuses).flatMap(([code, status]) => (Number(status) >= 500 ? [code] : []));

describe("http/shownError", () => {
  it("knows the status of every code of the service API, and of no other", () => {
    expect(SERVICE_STATUS).to.have.all.keys(Object.keys(serviceDetails));
    for (const table of [SERVICE_STATUS, LOOKUP_STATUS]) {
      for (const status of Object.values(table)) expect(status).to.be.within(400, 599);
    }
  });

  it("is 5xx exactly for what we could not find out, so that clients try the next gateway", () => {
    expect(codesFrom500(LOOKUP_STATUS)).to.have.members([
      "OVERLOADED",
      "DATABASE_UNAVAILABLE",
      "SIGNER_UNAVAILABLE",
      "SOURCE_UNAVAILABLE",
      "INVALID_CONFIGURATION",
      "INTERNAL",
    ] satisfies ErrorCode[]);
    expect(LOOKUP_STATUS.DATABASE_UNAVAILABLE).to.equal(503);
    expect(LOOKUP_STATUS.UNKNOWN_RESOLVER).to.equal(404);
    expect(LOOKUP_STATUS.INVALID_CALL_DATA).to.equal(400);
    // no limit for lookups: their clients would not ask the next gateway
    expect(Object.values(LOOKUP_STATUS)).not.to.include(429);
    expect(codesFrom500(SERVICE_STATUS)).to.have.members([
      "DATABASE_UNAVAILABLE",
      "UNREACHABLE",
      "INVALID_CONFIGURATION",
      "INTERNAL",
    ] satisfies ErrorCode[]);
  });

  it("shows what stands in the table of the surface as it is", () => {
    const error = new SignpostError("NAME_TAKEN", "The name is taken.", { name: "a.eth" });
    expect(shownError(error, SERVICE_STATUS)).to.deep.equal({ error, status: 409 });
    expect(toSignpostError(error)).to.equal(error);
  });

  it("shows anything else as a defect, and keeps it for the operator", () => {
    const strange = new SignpostError("NAME_TAKEN", "The name is taken.", { name: "a.eth" });
    const { error, status } = shownError(strange, LOOKUP_STATUS);
    expect(status).to.equal(500);
    expect(error).to.include({ code: "INTERNAL", cause: strange });
    expect(error.message).to.match(/^The server failed/);
    // of another copy of this module, with a code that is newer than this one; and no property of every object
    for (const code of ["NAME_ON_FIRE", "constructor"]) {
      const unknown = Object.assign(new Error("Fire."), {
        name: "SignpostError",
        code,
        details: {},
      });
      expect(unknown).to.be.instanceOf(SignpostError);
      expect(shownError(unknown, SERVICE_STATUS)).to.deep.include({ status: 500 });
    }
  });

  it("keeps the meaning of what parsers and routers throw, and not their words", () => {
    const thrown = (status: number) => Object.assign(new Error("/secret/path"), { status });
    expect(toSignpostError(thrown(413)).code).to.equal("TOO_LARGE");
    for (const status of [400, 404, 415, 499]) {
      const error = toSignpostError(thrown(status));
      expect(error.code).to.equal("INVALID_REQUEST");
      expect(error.message).to.match(/well-formed URL/);
      expect(JSON.stringify([error.message, error.details])).not.to.include("secret");
    }
  });

  it("hides the cause of a defect from the outside, and keeps it for the operator", () => {
    const secret = "postgresql://user:hunter2@db";
    const thrown: unknown[] = [
      new Error(secret),
      new TypeError(secret),
      Object.assign(new Error(secret), { status: 500 }),
      Object.assign(new Error(secret), { status: "400" }),
      secret,
      { status: 400, message: secret },
      null,
      undefined,
    ];
    for (const value of thrown) {
      const error = toSignpostError(value);
      expect(error.code).to.equal("INTERNAL");
      expect(error.message).to.match(/the operator finds the cause in its log/);
      expect(JSON.stringify([error.message, error.details])).not.to.include("hunter2");
      expect(error.cause).to.equal(value);
    }
  });
});
