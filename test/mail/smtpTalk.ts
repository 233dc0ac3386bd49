/** SMTP by hand, as a mail server that keeps to no rule: writes bytes, reads whole answers. */
import { once } from "node:events";
import { connect } from "node:net";

export interface Talk {
  /** The whole answer, its lines joined by "\n". */
  readonly say: (line: string) => Promise<string>;
  readonly write: (bytes: string | Uint8Array) => void;
  readonly answer: () => Promise<string>;
  /** Resolves when all that was written left this machine's memory. */
  readonly flushed: () => Promise<void>;
  /** Resolves when the other side closed. */
  readonly closed: Promise<void>;
  readonly end: () => void;
}

export async function talkTo(port: number): Promise<Talk> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let text = "";
  let wake: () => void = () => undefined;
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      isClosed = true;
      wake();
      resolve();
    });
  });
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    text += chunk.toString();
    wake();
  });
  const answer = async (): Promise<string> => {
    for (;;) {
      const [whole] = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(text) ?? [];
      if (whole !== undefined) {
        text = text.slice(whole.length);
        return whole.trimEnd().replace(/\r/g, "");
      }
      if (isClosed) return "closed";
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const write = (bytes: string | Uint8Array) => {
    socket.write(bytes);
  };
  await answer();
  const talk: Talk = {
    say: (line) => {
      write(`${line}\r\n`);
      return answer();
    },
    write,
    answer,
    flushed: () =>
      new Promise((resolve) => {
        socket.write("", () => {
          resolve();
        });
      }),
    closed,
    end: () => socket.destroy(),
  };
  await talk.say("EHLO mx.mail.test");
  return talk;
}

/** The last answer: of DATA, or the first refusal before it. */
export async function deliver(
  port: number,
  mail: string | Uint8Array,
  {
    from = "alice@mail.test",
    to = ["carol.eth@bridge.test"],
  }: { from?: string; to?: readonly string[] } = {},
): Promise<string> {
  const talk = await talkTo(port);
  try {
    for (const line of [`MAIL FROM:<${from}>`, ...to.map((one) => `RCPT TO:<${one}>`), "DATA"]) {
      const said = await talk.say(line);
      if (!/^[23]/.test(said)) return said;
    }
    talk.write(typeof mail === "string" ? mail.replace(/^\./gm, "..") : mail);
    return await talk.say("\r\n.".slice(2));
  } finally {
    talk.end();
  }
}
