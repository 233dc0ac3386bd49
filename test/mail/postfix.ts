/** A private postfix on loopback, with users of mail.test who have folders, and the bridge's domain as its neighbour. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  access,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../src/demo/freePort.js";

const PROGRAM = "/usr/sbin/postfix";
const INSTALL = "Install it with: apt-get install -y --no-install-recommends postfix gnupg";
const START_MS = 60_000;
/** "nobody" of Debian. */
const MAIL_UID = 65_534;

export interface Postfix {
  readonly port: number;
  /** The mails in a user's folder, as postfix wrote them, in the order in which they came. */
  readonly mailsOf: (localPart: string) => Promise<readonly string[]>;
  readonly log: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** It keeps nothing for mail.test and brings all on, each user's in their order. */
interface Relaying {
  /** Of the server behind it. */
  readonly inboxPort: number;
  /** Of a mail, in bytes. */
  readonly sizeLimit: number;
  /** An address that it does not know. */
  readonly nobody: string;
}

/**
 * @param bridgePort where mail for bridge.test goes
 * @param nextPort a server behind postfix, where mail for bounced@mail.test goes; what is behind delayed@mail.test is away
 */
export async function startPostfix(
  bridgePort: number,
  nextPort: number,
  relaying: Relaying | null = null,
): Promise<Postfix> {
  for (const program of [PROGRAM, "/usr/bin/gpg"]) {
    await access(program).catch(() => {
      throw new Error(`There is no ${program} here. ${INSTALL}`);
    });
  }
  if (process.getuid?.() !== 0) throw new Error("Postfix starts as root alone. Run this as root.");
  const folder = await mkdtemp(join(tmpdir(), "signpost-postfix-"));
  await chmod(folder, 0o755);
  const [config, mail, logFile] = [join(folder, "etc"), join(folder, "mail"), join(folder, "log")];
  for (const one of [config, mail, join(folder, "queue"), join(folder, "data")]) await mkdir(one);
  await chown(mail, MAIL_UID, MAIL_UID);
  const port = await freePort();
  const main = mainConfig(folder, bridgePort, nextPort);
  const all = relaying === null ? main : main + relayConfig(relaying);
  await writeFile(join(config, "main.cf"), lastOfEach(all));
  await writeFile(join(config, "master.cf"), masterConfig(port, relaying?.sizeLimit ?? null));
  const run = (command: string) => spawn(PROGRAM, ["-c", config, command], { stdio: "ignore" });
  // its data folder belongs to its own user
  const owner = spawn("chown", ["postfix", join(folder, "data")], { stdio: "ignore" });
  await once(owner, "exit");
  const child = run("start-fg");
  await ready(child, port, logFile);

  const mailsOf = async (localPart: string): Promise<readonly string[]> => {
    const inbox = join(mail, localPart, "new");
    const names = await readdir(inbox).catch(() => []);
    const inOrder = names.sort((one, other) => arrivalOf(one) - arrivalOf(other));
    return Promise.all(inOrder.map((name) => readFile(join(inbox, name), "latin1")));
  };
  return {
    ...{ port, mailsOf },
    log: () => readFile(logFile, "utf8").catch(() => ""),
    remove: async () => {
      const exited = once(child, "exit");
      await once(run("abort"), "exit");
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Seconds and microseconds stand in the names of such files. */
function arrivalOf(name: string): number {
  const [, seconds, micros] = /^(\d+)\..*M(\d+)\./.exec(name) ?? [];
  return Number(seconds) * 1e6 + Number(micros);
}

/**
 * Each process of postfix warns of settings that are said twice before it does anything else. The process that keeps the log does so as
 * well, and then waits for itself.
 */
function lastOfEach(settings: string): string {
  const lines = settings.split("\n").filter((line) => line.includes("="));
  const last = new Map(lines.map((line) => [line.slice(0, line.indexOf("=")).trim(), line]));
  return `${[...last.values()].join("\n")}\n`;
}

async function ready(child: ChildProcess, port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  const logged = () => readFile(logFile, "utf8").catch(() => "");
  // its log is a process that it starts: with too many lines before that reads, each waits for the other
  const isLogging = async () => (await logged()).includes("daemon started");
  while (!((await isLogging()) && (await greets(port)))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const log = await logged();
      throw new Error(`postfix did not start:\n${log.slice(-2_000)}`);
    }
    await delay(50);
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    // while nobody listens there, TCP may connect a port with itself, and nothing is ever said
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on("data", (data) => {
      socket.end("QUIT\r\n");
      resolve(data.toString().startsWith("220"));
    });
    socket.on("error", () => {
      resolve(false);
    });
    socket.on("close", () => {
      resolve(false);
    });
  });
}

/** Users: those that take mail, and those that refuse it at some step. */
const USERS = ["alice", "bob", "refused", "later", "bounced", "delayed"];

function mainConfig(folder: string, bridgePort: number, nextPort: number): string {
  const table = (entries: readonly string[]) =>
    `inline:{ ${entries.map((one) => `{ ${one} }`).join(", ")} }`;
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.mail.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
virtual_alias_maps = ${table(["canary@mail.test = canary@bridge.test"])}
virtual_mailbox_domains = mail.test
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = ${table(USERS.map((user) => `${user}@mail.test = ${user}/`))}
virtual_uid_maps = static:${MAIL_UID}
virtual_gid_maps = static:${MAIL_UID}
transport_maps = ${table([
    `bridge.test = smtp:[127.0.0.1]:${bridgePort}`,
    `bounced@mail.test = smtp:[127.0.0.1]:${nextPort}`,
    "delayed@mail.test = smtp:[127.0.0.1]:1",
  ])}
smtpd_recipient_restrictions = check_recipient_access ${table(["later@mail.test = 451 4.7.1 Greylisted"])}, permit_mynetworks, reject
smtpd_end_of_data_restrictions = check_recipient_access ${table(["refused@mail.test = REJECT 5.7.1 Not this mail"])}
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
delay_warning_time = 1s
maximal_queue_lifetime = 6s
bounce_queue_lifetime = 6s
smtp_connection_cache_on_demand = no
default_destination_concurrency_failed_cohort_limit = 100
smtputf8_enable = no
`;
}

/** What stands last counts. With one recipient at once, the limit of concurrency is that of each recipient: so the order of each stays. */
function relayConfig({ inboxPort, nobody }: Relaying): string {
  return `
virtual_mailbox_domains =
relay_domains = mail.test
transport_maps = inline:{ { mail.test = smtp:[127.0.0.1]:${inboxPort} } }
smtp_destination_recipient_limit = 1
smtp_destination_concurrency_limit = 1
smtpd_recipient_restrictions = check_recipient_access inline:{ { ${nobody} = 550 5.1.1 No such user } }, permit_mynetworks, reject
smtpd_end_of_data_restrictions =
maximal_queue_lifetime = 1h
delay_warning_time = 0
`;
}

/** @param sizeLimit of what comes; cleanup counts the lines that are written in front as well */
function masterConfig(port: number, sizeLimit: number | null): string {
  const service = (name: string, type: string, limit: string, program: string) =>
    `${name} ${type} - - n - ${limit} ${program}`;
  return [
    `127.0.0.1:${port} inet n - n - - smtpd${sizeLimit === null ? "" : ` -o message_size_limit=${sizeLimit}`}`,
    ...["pickup", "cleanup", "qmgr", "flush", "showq"].map(
      (name) =>
        `${name} unix n - n ${name === "qmgr" ? "1" : "-"} ${name === "cleanup" ? "0" : "1"} ${name}`,
    ),
    ...["tlsmgr", "verify", "anvil", "scache"].map((name) => service(name, "unix", "1", name)),
    ...["smtp", "relay"].map((name) => service(name, "unix", "-", "smtp")),
    ...["error", "retry"].map((name) => service(name, "unix", "-", "error")),
    ...["bounce", "defer", "trace"].map((name) => service(name, "unix", "0", "bounce")),
    service("rewrite", "unix", "-", "trivial-rewrite"),
    "proxymap unix - - n - - proxymap",
    "virtual unix - n n - - virtual",
    "discard unix - - n - - discard",
    "postlog unix-dgram n - n - 1 postlogd",
    "",
  ].join("\n");
}
