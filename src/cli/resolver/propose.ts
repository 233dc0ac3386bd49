/** `--propose`: the change as a file for a multisig, tried out but not sent. */
import { writeFile } from "node:fs/promises";
import { rehearsalsOf } from "../../admin/change.js";
import { safeBatch } from "../../admin/safeBatch.js";
import { rehearse } from "../../chain/rehearsal.js";
import { SignpostError } from "../../errors.js";
import { jsonText } from "../../terminal/jsonText.js";
import { addressOf } from "./chainOptions.js";
import { changeLines, nextStepLines } from "./changeText.js";
import { probe } from "./probe.js";
import { report, reportUnchanged } from "./report.js";
import type { Session, WantedChange } from "./session.js";

const STANDARD_OUTPUT = "-";

export async function propose(wanted: WantedChange, session: Session, file: string): Promise<void> {
  const { connection, flags, terminal } = session;
  const plan = await wanted.plan(flags.safe === undefined ? null : addressOf(flags.safe));
  if (plan.kind === "unchanged") {
    await reportUnchanged(wanted, session, plan.sentence);
    return;
  }
  const { change } = plan;
  for (const rehearsal of rehearsalsOf(change)) {
    await rehearse(connection.provider, change.sender, rehearsal);
  }
  await probe(change, session);
  const batch = jsonText(safeBatch(change, connection.chainId, Date.now()));
  if (file === STANDARD_OUTPUT) {
    for (const line of changeLines(change)) terminal.tell(line);
    terminal.print(batch);
    return;
  }
  await write(file, `${batch}\n`);
  const { title, before, after, sender } = change;
  const nextSteps = wanted.nextSteps();
  report(
    session,
    { outcome: "proposed", title, ...wanted.facts(), before, after, sender, file, nextSteps },
    [
      ...changeLines(change),
      `Nothing was sent. ${file} is a batch for Safe's transaction builder, to be executed by ${sender}.`,
      ...nextStepLines(nextSteps),
    ],
  );
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The proposal cannot be written to ${file}. Check the folder and its permissions.`,
    );
  }
}
