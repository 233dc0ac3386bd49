/**
 * Of hardhat's matchers only those for transactions. The whole plugin would change chai's `equal` and `above` as well,
 * for every test of the process: each such assertion then looks for three packages on the disk, which takes 0.4 ms.
 */
import type {} from "@nomicfoundation/hardhat-chai-matchers";
import { supportEmit } from "@nomicfoundation/hardhat-chai-matchers/internal/emit.js";
import { supportRevertedWithCustomError } from "@nomicfoundation/hardhat-chai-matchers/internal/reverted/revertedWithCustomError.js";
import { supportRevertedWithoutReason } from "@nomicfoundation/hardhat-chai-matchers/internal/reverted/revertedWithoutReason.js";
import { supportWithArgs } from "@nomicfoundation/hardhat-chai-matchers/internal/withArgs.js";
import { use } from "chai";

use(({ Assertion }, utils) => {
  supportEmit(Assertion, utils);
  supportRevertedWithCustomError(Assertion, utils);
  supportRevertedWithoutReason(Assertion, utils);
  supportWithArgs(Assertion, utils);
});
