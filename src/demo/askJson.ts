import { SignpostError } from "../errors.js";

/** What a server of the demo answers. Throws INTERNAL for a refusal: the demo has failed then. */
export async function askJson(url: string, request: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, request);
  if (response.ok) return response.json();
  const { method = "GET" } = request;
  throw new SignpostError(
    "INTERNAL",
    `${method} ${url} was answered ${response.status}: ${await response.text()}`,
  );
}
