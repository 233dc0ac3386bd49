import type { Request } from "express";

/** The name that the path holds. */
export function nameParameter(request: Request): string {
  return String(request.params["name"]);
}
