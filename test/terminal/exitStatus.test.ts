import { expect } from "chai";
import { CAPABILITIES } from "../../src/capabilities/list.js";
import { EXIT_STATUSES } from "../../src/cli/exitStatuses.js";
import type { ErrorCode } from "../../src/errors.js";
import { exitStatusOf } from "../../src/terminal/exitStatus.js";

describe("terminal/exitStatus", () => {
  const statusOf = (code: ErrorCode) => exitStatusOf(code, EXIT_STATUSES);

  it("tells wrong input (2) and what is away (4) from all other failures (1)", () => {
    const expected: Readonly<Partial<Record<ErrorCode, number>>> = {
      INVALID_NAME: 2,
      INVALID_CONFIGURATION: 2,
      FORBIDDEN_ADDRESS: 2,
      NOT_FOUND: 1,
      NAME_TAKEN: 1,
      TRANSACTION_FAILED: 1,
      INTERNAL: 1,
      DATABASE_UNAVAILABLE: 4,
      SIGNER_UNAVAILABLE: 4,
      UNREACHABLE: 4,
    };
    for (const [code, status] of Object.entries(expected)) {
      expect(statusOf(code as ErrorCode), code).to.equal(status);
    }
  });

  it("takes a code that no command ends with for a defect", () => {
    for (const code of ["WRONG_SEQUENCE", "constructor"] as ErrorCode[]) {
      expect(statusOf(code), code).to.equal(1);
    }
  });

  it("knows each code from one place", () => {
    expect(EXIT_STATUSES).to.include.members(CAPABILITIES.map(({ exitStatuses }) => exitStatuses));
    const codes = EXIT_STATUSES.flatMap((table) => Object.keys(table));
    expect(new Set(codes).size).to.equal(codes.length);
  });
});
