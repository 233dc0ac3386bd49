import { expect } from "chai";
import { ERROR_CODES, type ErrorCode, SignpostError } from "../../src/errors.js";
import { HTTP_STATUS, toSignpostError } from "../../src/http/status.js";

describe("http/status", () => {
  it("has a status for every code, and for nothing else", () => {
    expect(HTTP_STATUS).to.have.all.keys(Object.keys(ERROR_CODES));
    for (const status of Object.values(HTTP_STATUS)) expect(status).to.be.within(400, 599);
  });

  it("is 5xx exactly for what we could not find out, so that clients try the next gateway", () => {
    const ours = Object.entries(HTTP_STATUS).filter(([, status]) => status >= 500);
    expect(ours.map(([code]) => code)).to.have.members([
      "DATABASE_UNAVAILABLE",
      "OVERLOADED",
      "SIGNER_UNAVAILABLE",
      "UNREACHABLE",
      "INVALID_CONFIGURATION",
      "INTERNAL",
    ] satisfies ErrorCode[]);
    expect(HTTP_STATUS.DATABASE_UNAVAILABLE).to.equal(503);
    expect(HTTP_STATUS.UNKNOWN_RESOLVER).to.equal(404);
    expect(HTTP_STATUS.INVALID_CALL_DATA).to.equal(400);
    // of API keys only: clients of lookups would not ask the next gateway
    const tooMany = Object.entries(HTTP_STATUS).filter(([, status]) => status === 429);
    expect(tooMany).to.deep.equal([["LIMIT_EXCEEDED", 429]]);
  });

  it("passes our own errors on as they are", () => {
    const error = new SignpostError("NAME_TAKEN", "The name is taken.");
    expect(toSignpostError(error)).to.equal(error);
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
