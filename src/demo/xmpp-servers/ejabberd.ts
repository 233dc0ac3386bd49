/** How a private ejabberd is run (23.01): Erlang itself, without ejabberdctl, which switches to a system user, and without a name in a network of Erlang nodes. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { INSTALL, type ServerPlan, type ServerProgram } from "./xmppServer.js";

const CONTROL = "/usr/sbin/ejabberdctl";

/** Writes its configuration. */
export async function ejabberd(plan: ServerPlan): Promise<ServerProgram> {
  const control = await readFile(CONTROL, "utf8").catch(() => {
    throw new Error(`There is no ejabberd here. ${INSTALL}`);
  });
  const libraries = /^ERL_LIBS='([^']+)'/m.exec(control)?.[1] ?? "";
  const config = join(plan.folder, "ejabberd.yml");
  const logFile = join(plan.folder, "ejabberd.log");
  const data = join(plan.folder, "data");
  await mkdir(data, { recursive: true });
  await writeFile(config, configuration(plan));
  return {
    command: "/usr/bin/erl",
    args: ["-noinput", "-mnesia", "dir", JSON.stringify(data), "-s", "ejabberd"],
    env: {
      ERL_LIBS: libraries,
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: logFile,
      ERL_CRASH_DUMP: join(plan.folder, "crash.dump"),
    },
    logFile,
  };
}

function configuration(plan: ServerPlan): string {
  return `
hosts: ["${plan.domain}"]
loglevel: info
certfiles: []
auth_method: internal
auth_password_format: scram
registration_timeout: infinity
listen:
  -
    port: ${plan.clientPort}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    access: all
  -
    port: ${plan.componentPort}
    ip: "127.0.0.1"
    module: ejabberd_service
    max_stanza_size: 524288
    access: all
    hosts:
${plan.components.map((host) => `      "${host}":\n        password: "${plan.secret}"\n`).join("")}
shaper_rules:
  max_user_offline_messages: ${plan.mostOffline}
modules:
  mod_blocking: {}
  mod_carboncopy: {}
  mod_disco: {}
  mod_offline: {access_max_user_messages: max_user_offline_messages}
  mod_ping: {}
  mod_privacy: {}
  mod_private: {}
  mod_register: {access: all, ip_access: all}
  mod_roster: {}
  mod_stream_mgmt: {}
  mod_vcard: {}
  mod_version: {}
${plan.archive ? "  mod_mam: {default: always, assume_mam_usage: true}\n" : ""}`;
}
