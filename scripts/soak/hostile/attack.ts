/** An attack on availability, as a value; what each of them does stands in its own file below attacks/. */
import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Message, send } from "./send.js";
import type { Target } from "./target.js";

export interface Attack {
  /** For --attack and for the table. */
  readonly name: string;
  readonly title: string;
  /** Returns when it is under way; it goes on until the process ends. */
  readonly start: (attacker: Attacker) => void | Promise<void>;
}

export interface Attacker {
  readonly target: Target;
  /** Sends such requests one after the other, so many at a time, whatever the answer is. */
  readonly repeat: (atOnce: number, messageOf: (number: number) => AttackMessage) => void;
  /** Another ending to count. */
  readonly count: (ending: string) => void;
}

type AttackMessage = Omit<Message, "origin" | "timeoutMs" | "agent">;

const TIMEOUT_MS = 30_000;
/** A server that refuses connections must not make the attacker a busy loop, which would take a core from it. */
const AFTER_CUT_OFF_MS = 20;

export function attackerOf(target: Target, count: (ending: string) => void): Attacker {
  return {
    target,
    count,
    repeat: (atOnce, messageOf) => {
      const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
      let number = 0;
      const goOn = async () => {
        for (;;) {
          const message = messageOf(number++);
          const { status } = await send({
            ...message,
            ...{ agent, timeoutMs: TIMEOUT_MS, origin: target.origin },
          });
          count(String(status));
          if (typeof status !== "number") await delay(AFTER_CUT_OFF_MS);
        }
      };
      for (let one = 0; one < atOnce; one++) void goOn();
    },
  };
}
