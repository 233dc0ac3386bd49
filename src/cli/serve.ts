/** `signpost serve`: runs the service in this process. */
import type { Command } from "commander";
import { CAPABILITIES, STARTED_BY_DEFAULT } from "../capabilities/list.js";
import type { GivenFile } from "../settings/environment.js";

export const SERVE = "serve";

export function serveCommand(program: Command, envFile: GivenFile): void {
  program
    .command(SERVE)
    .description("run the service, as `npm start` does, until it is told to stop (SIGTERM)")
    .argument(
      "[capability...]",
      `what it does: ${CAPABILITIES.map(({ name, summary }) => `${name} (${summary})`).join("; ")}`,
      STARTED_BY_DEFAULT,
    )
    .action(async (names: readonly string[]) => {
      // loaded here, so that no other command waits for it
      const { run } = await import("../process/run.js");
      await run(CAPABILITIES, names, envFile);
    });
}
