/** How a private prosody is run (0.12). */
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { INSTALL, type ServerPlan, type ServerProgram } from "./xmppServer.js";

const PROGRAM = "/usr/bin/prosody";

/** Writes its configuration. */
export async function prosody(plan: ServerPlan): Promise<ServerProgram> {
  await access(PROGRAM).catch(() => {
    throw new Error(`There is no prosody here. ${INSTALL}`);
  });
  const config = join(plan.folder, "prosody.cfg.lua");
  const logFile = join(plan.folder, "prosody.log");
  await mkdir(join(plan.folder, "data"), { recursive: true });
  await writeFile(config, configuration(plan, logFile));
  return { command: PROGRAM, args: ["--config", config, "-F"], env: {}, logFile };
}

function configuration(plan: ServerPlan, logFile: string): string {
  const modules = ["roster", "saslauth", "disco", "ping", "register", "carbons", "blocklist"];
  modules.push("private", "vcard_legacy", "pep", "time", "version", "smacks");
  if (plan.archive) modules.push("mam");
  return `
run_as_root = true -- only where root starts it; everything is in a folder of its own
pidfile = "${join(plan.folder, "prosody.pid")}"
data_path = "${join(plan.folder, "data")}"
certificates = "${plan.folder}"
log = { info = "${logFile}" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${plan.clientPort} }
c2s_direct_tls_ports = {}
network_settings = { nagle = false } -- with it, a stanza right after another one waits 40 ms
component_interfaces = { "127.0.0.1" }
component_ports = { ${plan.componentPort} }
modules_enabled = { ${modules.map((name) => `"${name}"`).join(", ")} }
modules_disabled = { "s2s", "tls" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
allow_registration = true
authentication = "internal_hashed"
storage = "internal"
archive_expires_after = "never"
default_archive_policy = true
VirtualHost "${plan.domain}"
${plan.components.map((host) => `Component "${host}"\n  component_secret = "${plan.secret}"\n`).join("")}`;
}
