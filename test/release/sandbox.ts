/** Commands where only some folders can be written: in a mount namespace of their own, as another user than root. */
import { spawn } from "node:child_process";
import { childOf, type ChildProgram } from "../childProgram.js";
import { PRODUCTION, run } from "./installedRelease.js";

export interface Sandbox {
  /** Prepares what the command finds, in bash, before everything but `writable` becomes read-only. */
  readonly prepare?: readonly string[];
  /** Folders that stay writable. */
  readonly writable: readonly string[];
  readonly user: number;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Also takes every capability away for good, and names the host in a namespace of its own. */
  readonly strict?: boolean;
}

/** Null where this kernel, or this user, may make no mount namespace. Throws where the preparation fails, or leaves more writable. */
export async function sandboxOrNull(sandbox: Sandbox): Promise<Sandbox | null> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
  try {
    await run("unshare", ["--mount", "--uts", "mount", "--make-rprivate", "/"]);
  } catch {
    return null;
  }
  const places = ["/opt", "/var/tmp", "/tmp"].filter((at) => !sandbox.writable.includes(at));
  const probe = `for at in ${places.join(" ")}; do touch "$at/x$$" 2> /dev/null && exit 3; done; echo read-only`;
  await run("unshare", argumentsOf(sandbox, ["bash", "-c", probe]), { cwd: "/" });
  return sandbox;
}

export function inSandbox(sandbox: Sandbox, ...command: string[]): ChildProgram {
  return childOf(
    spawn("unshare", argumentsOf(sandbox, command), {
      cwd: "/",
      env: { ...PRODUCTION, ...sandbox.env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

function argumentsOf(
  { prepare = [], writable, user, cwd, strict = false }: Sandbox,
  command: readonly string[],
): string[] {
  const script = [
    "set -e",
    "mount --make-rprivate /",
    ...prepare,
    ...writable.map((folder) => `mount --bind "${folder}" "${folder}"`),
    // what systemd's ProtectSystem=strict does: all mounts but those of the kernel
    `while read -r at; do
       case "$at" in /dev|/dev/*|/proc|/proc/*|/sys|/sys/*${writable.map((folder) => `|"${folder}"`).join("")}) continue;; esac
       mount -o remount,bind,ro "$at" 2> /dev/null || true
     done < <(cut -d " " -f 5 /proc/self/mountinfo)`,
    `cd "${cwd}"`,
    `exec setpriv --reuid ${user} --regid ${user} --clear-groups --no-new-privs ${strict ? "--bounding-set=-all" : ""} "$@"`,
  ].join("\n");
  return ["--mount", ...(strict ? ["--uts"] : []), "bash", "-c", script, "bash", ...command];
}
