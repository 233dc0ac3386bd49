// Runs the contracts' tests on instrumented contracts, and fails unless every statement and every branch of
// contracts/ was executed. What stands in for other people's contracts (demo, test) is not measured.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Those that execute our contracts; the others repeat it through further contracts, or need a database. */
const TESTS = [
  "answerBatch",
  "AnswerDigest",
  "administration",
  "metadata",
  "operationRouter",
  "placeholder",
  "resolve",
  "resolveWithProof",
  "response",
  "urls",
  "WalletSignatureCheck",
];
const MEASURES = ["statements", "branches"];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/hardhat/internal/cli/bootstrap.js",
    ...["--config", "hardhat.coverage.cjs", "coverage"],
    ...["--solcoverjs", ".solcover.cjs"],
    ...["--testfiles", `test/contracts/{${TESTS.join(",")}}.test.ts`],
  ],
  {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      NODE_OPTIONS: "--import tsx",
      HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
    },
  },
);
rmSync("coverage.json", { force: true });
if (status !== 0) fail("the tests failed on the instrumented contracts; see above.");

const { total, ...files } = JSON.parse(readFileSync("coverage/coverage-summary.json", "utf8"));
const incomplete = Object.entries(files).filter(([, file]) =>
  MEASURES.some((measure) => file[measure].covered < file[measure].total),
);
for (const [file, { statements, branches }] of incomplete) {
  console.error(`${file}: statements ${statements.pct} %, branches ${branches.pct} %`);
}
if (incomplete.length > 0) fail("not everything in contracts/ was executed; see the files above.");
if (total.branches.total === 0) fail("nothing was measured.");
console.log(
  `Coverage of contracts/: all ${total.statements.total} statements and all ${total.branches.total} branches.`,
);

function fail(sentence) {
  console.error(`signpost: ${sentence}`);
  process.exit(1);
}
