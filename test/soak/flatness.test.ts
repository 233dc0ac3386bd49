import { expect } from "chai";
import { flatness, type MemorySample } from "../../scripts/soak/flatness.js";

const MIB = 2 ** 20;
const ALLOWANCE = { bytes: 12 * MIB, share: 0.05 };

/** One sample a second for five minutes, `bytes` of each second. */
const fiveMinutes = (bytes: (second: number) => number): MemorySample[] =>
  Array.from({ length: 300 }, (_, second) => ({ atMs: second * 1000, bytes: bytes(second) }));

/** Up by 40 MiB in 20 s, then back: what a garbage collector makes of a steady load. */
const teeth = (second: number) => 120 * MIB + (second % 20) * 2 * MIB;

describe("soak: whether memory is flat", () => {
  it("is, when it is level", () => {
    const level = flatness(
      fiveMinutes(() => 100 * MIB),
      ALLOWANCE,
    );
    expect(level).to.deep.equal({
      flat: true,
      meanBytes: 100 * MIB,
      growthBytes: 0,
      allowedBytes: 12 * MIB,
    });
  });

  it("is, under the teeth of the garbage collector, wherever the window cuts them", () => {
    for (let shift = 0; shift < 20; shift++) {
      expect(
        flatness(
          fiveMinutes((second) => teeth(second + shift)),
          ALLOWANCE,
        ).flat,
      ).to.equal(true);
    }
  });

  it("is, when it falls", () => {
    const { flat, growthBytes } = flatness(
      fiveMinutes((second) => 300 * MIB - second * MIB),
      ALLOWANCE,
    );
    expect(flat).to.equal(true);
    expect(growthBytes).to.be.closeTo(-299 * MIB, 1);
  });

  it("is not, when half a KiB is lost with each of 150 requests a second, teeth or not", () => {
    const lost = (second: number) => second * 150 * 512;
    for (const held of [() => 100 * MIB, teeth]) {
      const { flat, growthBytes } = flatness(
        fiveMinutes((second) => held(second) + lost(second)),
        ALLOWANCE,
      );
      expect(flat).to.equal(false);
      expect(growthBytes).to.be.closeTo(lost(300), 4 * MIB);
    }
  });

  it("allows a large process a part of its size", () => {
    const grows = fiveMinutes((second) => 1000 * MIB + (second / 299) * 20 * MIB);
    expect(flatness(grows, ALLOWANCE).flat).to.equal(true);
    expect(flatness(grows, { ...ALLOWANCE, share: 0 }).flat).to.equal(false);
  });

  it("is not known from a few samples, or from one moment", () => {
    expect(() => flatness(fiveMinutes(() => MIB).slice(0, 7), ALLOWANCE)).to.throw(/too few/);
    const once = Array.from({ length: 20 }, () => ({ atMs: 5, bytes: MIB }));
    expect(() => flatness(once, ALLOWANCE)).to.throw(/too few/);
  });
});
