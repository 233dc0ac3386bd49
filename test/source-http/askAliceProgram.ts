/** Asks the endpoint that is named for alice, and prints what it says. */
import { isSignpostError } from "../../src/errors.js";
import { openTestSource } from "./openTestSource.js";

const source = openTestSource(process.argv[2] ?? "", "127.0.0.0/8");
try {
  const row = await source.rowOf("alice");
  console.log(typeof row === "object" ? `wallet ${row?.wallet ?? "none"}` : row);
} catch (error) {
  if (!isSignpostError(error, "SOURCE_UNAVAILABLE")) throw error;
  console.log(error.message);
} finally {
  await source.close();
}
