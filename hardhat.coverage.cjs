// Hardhat with solidity-coverage, for `npm run coverage:contracts` alone. The instrumented contracts are kept
// apart: in artifacts/ they would be what gets deployed.
require("solidity-coverage");
const { default: config } = require("./hardhat.config.ts");

module.exports = {
  ...config,
  paths: { ...config.paths, artifacts: "coverage/artifacts", cache: "coverage/cache" },
};
