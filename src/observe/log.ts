/**
 * The log: one sentence a line with fields beside it. Programs get JSON; a person at a terminal gets lines to read.
 * Nothing is logged of a request but what is passed here by name: no header, no body, no key.
 */
import { pino } from "pino";
import type { LogLevel } from "./logLevel.js";
import { readableLine } from "./readableLine.js";
import { standardOutput } from "./standardOutput.js";

/** What stands beside a sentence, by name; JSON-serialisable, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export type Log = Readonly<Record<LogLevel, (sentence: string, fields?: LogFields) => void>> & {
  /** Whether lines of this level are written. */
  readonly isOn: (level: LogLevel) => boolean;
};

export interface LogOptions {
  /** What is less important is left out. */
  readonly level: LogLevel;
  /** Lines for a person instead of JSON. */
  readonly readable: boolean;
  /** Standard output by default. */
  readonly write?: (line: string) => void;
}

/** Names that JSON lines have of their own. */
const OWN_NAMES: ReadonlySet<string> = new Set(["level", "time", "pid", "msg"]);

export function openLog({ level, readable, write }: LogOptions): Log {
  const print = write ?? standardOutput();
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => {
        print(readable ? readableLine(line) : line);
      },
    },
  );
  const at =
    (own: LogLevel) =>
    (sentence: string, fields: LogFields = {}) => {
      // a column for people is no concern of a program
      logger[own](
        withoutOwnNames(fields),
        readable ? sentence : sentence.trim().replace(/ {2,}/g, " "),
      );
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    isOn: (asked) => logger.isLevelEnabled(asked),
  };
}

function withoutOwnNames(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_NAMES.has(name)));
}
