/** What each step came to: a line as soon as it is over or, for programs, all of it at the end. */
import type { Command } from "commander";
import { passed, warning } from "../../doctor/line.js";
import { jsonText } from "../../terminal/jsonText.js";
import { lineText } from "../doctorText.js";
import type { StepLine } from "./looks.js";

export interface Steps {
  add(line: StepLine): void;
  done(id: string, seen: string): void;
  /** Nothing more can be done before these have signed. */
  waits(id: string, missing: readonly string[], draft: object): void;
  end(facts: object): void;
}

const WIDTH = 10;
const WARNINGS = 6;
const WAITS = 1;

export function stepsOf(command: Command, { json }: { readonly json?: true }): Steps {
  const write = (text: string) => command.configureOutput().writeOut?.(`${text}\n`);
  // each kind of network reads settings of its own
  const again = `signpost ${command.parent?.name() ?? ""} ${command.name()}`;
  const lines: StepLine[] = [];
  let exitStatus = 0;
  const add = (line: StepLine) => {
    lines.push(line);
    if (line.status === "warning") exitStatus ||= WARNINGS;
    if (!json) write(lineText(line, WIDTH));
  };
  return {
    add,
    done: (id, seen) => {
      add({ id, ...passed(seen) });
    },
    waits: (id, missing, draft) => {
      const seen = `not registered yet: ${missing.join(", ")} ${missing.length === 1 ? "has" : "have"} to sign as well`;
      const advice = `Give this to the next operator, for ${again} --record or signpost network prove --record:`;
      add({ id, ...warning(seen, advice) });
      if (!json) write(`\n${jsonText(draft)}`);
      exitStatus = WAITS;
    },
    end: (facts) => {
      if (json) write(jsonText({ ...facts, steps: lines }));
      process.exitCode = exitStatus;
    },
  };
}
