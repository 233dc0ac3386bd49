import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import { deferrals } from "../../../src/messaging/bridge/deferrals.js";

const BOB = "bob@mail.test";
const CAROL = "carol@mail.test";

describe("messaging: deferrals of a bridge", () => {
  const later = (details = {}) => new SignpostError("UNREACHABLE", "Later.", details);

  async function waitOf(
    around: ReturnType<typeof deferrals>["around"],
    to = BOB,
    error: Error = later(),
  ): Promise<unknown> {
    const thrown: unknown = await around(to, () => Promise.reject(error)).catch(
      (one: unknown) => one,
    );
    return (thrown as SignpostError).details.retryAfterSec;
  }

  it("wait twice as long each time, half an hour at most, each address for itself", async () => {
    const { around } = deferrals(() => 0);
    const waits = [];
    for (let time = 0; time < 8; time++) waits.push(await waitOf(around));
    expect(waits).to.deep.equal([30, 60, 120, 240, 480, 960, 1_800, 1_800]);
    expect(await waitOf(around, CAROL)).to.equal(30);
  });

  it("begin anew after a message that was taken", async () => {
    const { around } = deferrals(() => 0);
    await waitOf(around);
    expect(await around(BOB, () => Promise.resolve("taken"))).to.equal("taken");
    expect(await waitOf(around)).to.equal(30);
  });

  it("leave the time that the network itself named, and other errors", async () => {
    const { around } = deferrals(() => 0);
    expect(await waitOf(around, BOB, later({ retryAfterSec: 7 }))).to.equal(7);
    const defect = new Error("defect");
    expect(await around(BOB, () => Promise.reject(defect)).catch((one: unknown) => one)).to.equal(
      defect,
    );
  });
});
